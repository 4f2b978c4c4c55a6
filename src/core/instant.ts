import type { Instant } from './json.ts';

const ISO =
  /^(\d{4}-\d{2}-(\d{2}))T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** The instant of a text in ISO 8601 that says its offset, such as `2026-12-24T18:00:00+01:00`; `undefined` for any other text. */
export function instantIn(text: string): Instant | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, date, day] = match;
  // JavaScript takes the 30th of February for the 2nd of March.
  const isThere = new Date(`${date}T00:00:00Z`).getUTCDate() === Number(day);
  return isThere ? Date.parse(text) : undefined;
}
