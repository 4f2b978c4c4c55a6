import { Problem } from './problem.ts';

/** The `next` of a page that ended at this place. Clients hand it back as it is. */
export function pageToken(place: string): string {
  return Buffer.from(place).toString('base64url');
}

/** The place that a `next` stands for. @param pattern what the list's places look like @throws {Problem} INVALID_REQUEST */
export function placeOfToken(token: string, pattern: RegExp): string {
  const place = Buffer.from(token, 'base64url').toString();
  if (pattern.test(place) && pageToken(place) === token) return place;
  throw noSuchPage();
}

/** The problem of a `next` that no page has given out. */
export function noSuchPage(): Problem {
  const message = 'next: no page of this list ended with it';
  return new Problem('INVALID_REQUEST', [{ path: 'next', message }]);
}
