import type { JournalEntry } from '../core/journal-entry.ts';
import type { Instant } from '../core/json.ts';
import { hasEnded } from '../core/order.ts';

const DAY_MS = 86_400_000;

/** How long an order that waits may go without anybody looking after it, a stopped sweep included, before its journal expires. */
const LONGEST_OUTAGE_MS = 7 * DAY_MS;

/**
 * The instant at which an order's journal expires once it holds this entry. It is the same for all entries, since nobody
 * should see some of them without the others, and it is set so that few orders ever move it: moving it writes every entry again.
 *
 * - An order that ends is kept for the retention period after its end; where that takes moving it, for a day more, so that who goes on with a
 *   move that somebody else has not come to the end of need not move it all again.
 * - An order that waits is kept past the instant at which it is looked at next, by a week or the retention period if that is shorter.
 *
 * @param until When the journal expires without this entry; absent for the first.
 */
export function keptUntil(
  { at, state }: JournalEntry,
  until: Instant | undefined,
  retentionDays: number,
): Instant {
  const retentionMs = retentionDays * DAY_MS;
  const outageMs = Math.min(LONGEST_OUTAGE_MS, retentionMs);
  const known = until ?? state.acceptedAt + retentionMs + outageMs;
  if (hasEnded(state)) {
    const ended = state.endedAt + retentionMs;
    return ended <= known ? known : ended + DAY_MS;
  }
  const needed = Math.max(at, state.wakeUp.at) + outageMs;
  return needed <= known ? known : needed + retentionMs;
}
