/** Something the person at the terminal can put right: shown as one line, without a stack trace. */
export class LocalError extends Error {
  override readonly name = 'LocalError';
}

/** The one line for any error; only an unexpected one keeps its name. */
export function oneLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message.split('\n').find((line) => line.trim()) ?? 'no message';
  return error.name === 'Error' || error.name === 'LocalError'
    ? message
    : `${error.name}: ${message}`;
}
