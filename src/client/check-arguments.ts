import { ArgumentError } from './errors.ts';

/** @throws {ArgumentError} for anything but a whole number of at least 1 */
export function checkTries(tries: number): void {
  if (Number.isSafeInteger(tries) && tries >= 1) return;
  throw new ArgumentError('tries', `must be a whole number of at least 1, and is ${tries}`);
}

/** @throws {ArgumentError} for anything but a number of at least 0; without end is fine */
export function checkTimeout(timeoutMs: number): void {
  if (typeof timeoutMs === 'number' && timeoutMs >= 0) return;
  throw new ArgumentError('timeoutMs', `must be a number of at least 0, and is ${timeoutMs}`);
}

/**
 * The API's address without the slashes at its end. `fetch` takes no other, and says so at each request as if nobody answered.
 * @throws {ArgumentError}
 */
export function checkedUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ArgumentError('url', `must be an http or https address, and is ${quote(given)}`);
  }
  // What would be repeated is a password.
  if (url.username !== '' || url.password !== '') {
    throw new ArgumentError('url', 'holds a user name or a password; give a token instead');
  }
  if (url.search !== '' || url.hash !== '') {
    throw new ArgumentError('url', `must end before any ? or #, and is ${quote(given)}`);
  }
  return given.replace(/\/+$/, '');
}

/** What a caller has given, by the header that carries it. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  authorization: 'token',
  'content-type': 'mediaType',
  'idempotency-key': 'idempotencyKey',
};

/** @throws {ArgumentError} for a header that no request can carry */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      new Headers([[name, value]]);
    } catch {
      const argument = ARGUMENTS[name] ?? name;
      // A token does not belong into what is printed.
      const which = argument === 'token' ? '' : `${quote(value)} `;
      const message = `${which}holds characters that no header can carry`;
      throw new ArgumentError(argument, message);
    }
  }
}

/**
 * Half of a surrogate pair, an empty part of a path, `.` and `..`: on its way, the path would become another one, and the request be about
 * something else.
 * @param path with the query
 * @throws {ArgumentError}
 */
export function checkPath(path: string): void {
  if (!path.isWellFormed()) {
    throw new ArgumentError('path', `an id or a name in ${quote(path)} ${HALF}`);
  }
  const [address = ''] = path.split('?');
  const parts = address.split('/').slice(1);
  if (parts.includes('')) throw new ArgumentError('path', `an id or a name in ${address} is empty`);
  const other = parts.find((part) => LEADS_ELSEWHERE.test(part));
  if (other === undefined) return;
  throw new ArgumentError('path', `${quote(other)} in ${address} would lead to another address`);
}

/** @throws {ArgumentError} for text that would be sent with other characters than it has */
export function checkText(argument: string, text: string): void {
  if (!text.isWellFormed()) throw new ArgumentError(argument, `${quote(text)} ${HALF}`);
}

const HALF = 'holds half of a surrogate pair, which is no character';

/** Servers and `fetch` itself take the encoded forms for the plain ones. */
const LEADS_ELSEWHERE = /^(\.|%2e){1,2}$/i;

function quote(value: string): string {
  return JSON.stringify(value);
}
