import type { JsonObject } from './json.ts';

export type FilterPolicy = JsonObject;
