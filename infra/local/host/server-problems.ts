/** What the HTTP server refuses by itself, before any function is asked, in the words of the API. */
import { Problem } from '../../../src/contract/problem.ts';

/** What API Gateway says in its own words when the authorizer does not let a call through. */
const REFUSALS: Readonly<Record<number, string>> = { 401: 'Unauthorized', 403: 'Forbidden' };

/** All that hapi says of a path that does not decode. */
const UNDECODABLE = 'Bad Request';

export interface ServerAnswer {
  status: number;
  type: string;
  body: object;
}

/**
 * @param status of hapi's own answer
 * @param reason its message
 */
export function serverAnswer(status: number, reason: string): ServerAnswer {
  const message = REFUSALS[status];
  if (message !== undefined) return { status, type: 'application/json', body: { message } };
  const problem = problemOf(status, reason);
  return {
    status: problem.status,
    type: 'application/problem+json',
    body: problem.toDocument(),
  };
}

/** Whether a part of the path is `.` or `..`, encoded or not. @param target as it came: path and query */
export function leadsElsewhere(target: string): boolean {
  const [path = ''] = target.split(/[?#]/);
  return path.split(/[/\\]/).some((part) => /^(\.|%2e){1,2}$/i.test(part));
}

function problemOf(status: number, reason: string): Problem {
  if (status === 404) return new Problem('NOT_FOUND', 'there is nothing at this address');
  if (status === 413)
    return new Problem('TOO_LARGE', 'the body is over 10 MB, which is more than API Gateway takes');
  if (status >= 500)
    return new Problem('INTERNAL', 'the terminal of the local stack has the reason');
  const what = reason === UNDECODABLE ? 'its path is not percent-encoded UTF-8' : reason;
  return new Problem('INVALID_REQUEST', `the request cannot be read: ${what}`);
}
