import { makeOpenapi } from '../app/http/openapi-api.ts';

export const handler = makeOpenapi();
