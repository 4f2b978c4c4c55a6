import { makeOpenapi } from './api/openapi-api.ts';

export const handler = makeOpenapi();
