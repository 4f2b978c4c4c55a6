/** The plugin would rather begin a task for nothing than wait longer for the answer. */
const PATIENCE_MS = 2000;

/** What the core says of an attempt. */
export interface Standing {
  /** Whether it is still awaited. */
  readonly open: boolean;
  /** Its plugin has left it to whoever holds the token: there is nothing to begin. */
  readonly deferred?: boolean;
  /** The attempt that is under way in its place. */
  readonly instead?: { readonly attempt: number; readonly deadlineAt: number };
  /** The task waits for its next attempt, until then. Milliseconds since 1970. */
  readonly againAt?: number;
}

/**
 * Asks the core's API how the attempt of a token stands. The token itself is the authority: it needs no other.
 * @throws {Error} when the answer does not come within two seconds, or is not one
 */
export async function askStanding(apiUrl: string, token: string): Promise<Standing> {
  const url = `${apiUrl}/tasks/${token}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Error(`the core answers ${response.status}`);
  const standing = (await response.json()) as Standing;
  if (typeof standing.open !== 'boolean') {
    throw new Error('the core does not say whether it is open');
  }
  return standing;
}
