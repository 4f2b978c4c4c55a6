/** The plugin would rather begin a task for nothing than wait longer for the answer. */
const PATIENCE_MS = 2000;

/**
 * Asks the core's API whether the attempt of a token is still open. The token itself is the authority: it needs no other.
 * @throws {Error} when the answer does not come within two seconds, or is not one
 */
export async function askWhetherOpen(apiUrl: string, token: string): Promise<boolean> {
  const url = `${apiUrl}/tasks/${token}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Error(`the core answers ${response.status}`);
  const { open } = (await response.json()) as { open?: unknown };
  if (typeof open !== 'boolean') throw new Error('the core does not say whether it is open');
  return open;
}
