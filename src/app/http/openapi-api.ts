import { HTTP_CALLS } from '../../contract/http-calls.ts';
import { openapiDocument } from '../../contract/openapi.ts';
import { PREFLIGHT_ROUTE } from '../../contract/preflight-route.ts';
import { httpApi } from './http-api.ts';

/**
 * Serves the document, and answers every call that no other function takes (`$default`): it knows all that there are. A preflight has a
 * route of its own, and is no call: API Gateway adds the headers to the empty answer.
 */
export function makeOpenapi() {
  // Made when somebody asks: an unknown address does not need it.
  let document: object | undefined;
  const handle = () => {
    document ??= openapiDocument();
    return { status: 200, body: document };
  };
  const api = httpApi([{ method: 'GET', path: '/openapi.json', handle }], undefined, HTTP_CALLS);
  // Told by the route, not by the method: with a token, OPTIONS through `$default` is a wrong method like any other.
  return api.before(({ event }) =>
    event.routeKey === PREFLIGHT_ROUTE ? { statusCode: 204 } : undefined,
  );
}
