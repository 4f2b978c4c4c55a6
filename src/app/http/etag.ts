import { createHash } from 'node:crypto';

/** Names an answer by what it says. */
export function etagOfText(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/** Whether the caller has this answer already. @param headers by lower-case name */
export function hasAlready(
  etag: string,
  headers: Readonly<Record<string, string | undefined>>,
): boolean {
  const list = headers['if-none-match']?.split(',') ?? [];
  // What stands between may have made an etag weak: `W/"…"`.
  return list.some((one) => one.trim().replace(/^W\//, '') === etag);
}
