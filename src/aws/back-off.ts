import { setTimeout as pause } from 'node:timers/promises';

/** The bound of the first pause; it doubles with each race that is lost. Milliseconds: a write takes about five. */
const FIRST_MS = 5;

/** No pause is longer: twenty of them fit into the orchestrator's 30 seconds many times over. */
const LONGEST_MS = 200;

/**
 * Exponential backoff with full jitter, so that writers of one order do not meet again.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export async function backOff(lostRaces: number): Promise<void> {
  await pause(Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** (lostRaces - 1)));
}
