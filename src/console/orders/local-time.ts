const MINUTE_MS = 60_000;

/** An instant as `<input type="datetime-local">` holds it, by the reader's clock, to the minute; empty for what is none. */
export function localTimeOf(instant: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return '';
  const local = new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS);
  return local.toISOString().slice(0, 16);
}

/** The other way around; empty for an empty field. */
export function instantOf(localTime: string): string {
  return localTime === '' ? '' : new Date(localTime).toISOString();
}
