import { HTTP_CALLS } from '../../contract/http-calls.ts';
import { openapiDocument } from '../../contract/openapi.ts';
import { httpApi } from './http-api.ts';

/** Serves the document, and answers what is no call at all (`$default`), since it knows all that there are. */
export function makeOpenapi() {
  const document = openapiDocument();
  const handle = () => ({ status: 200, body: document });
  return httpApi([{ method: 'GET', path: '/openapi.json', handle }], undefined, HTTP_CALLS);
}
