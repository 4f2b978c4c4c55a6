import { openapiDocument } from '../../contract/openapi.ts';
import { httpApi } from '../http/http-api.ts';

export function makeOpenapi() {
  const document = openapiDocument();
  return httpApi([
    { method: 'GET', path: '/openapi.json', handle: () => ({ status: 200, body: document }) },
  ]);
}
