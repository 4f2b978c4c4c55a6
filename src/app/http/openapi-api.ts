import { HTTP_CALLS } from '../../contract/http-calls.ts';
import { openapiDocument } from '../../contract/openapi.ts';
import { httpApi } from './http-api.ts';

/** Serves the document, and answers every call that no other function takes (`$default`): it knows all that there are. */
export function makeOpenapi() {
  // Made when somebody asks: an unknown address does not need it.
  let document: object | undefined;
  const handle = () => {
    document ??= openapiDocument();
    return { status: 200, body: document };
  };
  return httpApi([{ method: 'GET', path: '/openapi.json', handle }], undefined, HTTP_CALLS);
}
