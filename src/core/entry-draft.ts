import type { Context } from './deciding.ts';
import type { OrderEvent } from './event.ts';
import type { CalledOff, LeftOut } from './journal-entry.ts';
import type { Instant, Json } from './json.ts';
import type { Verdict } from './verdict.ts';

/** The journal entry that a decision is making. The collections fill up while the decision is made. */
export interface EntryDraft {
  /** The entry's number. */
  readonly entry: number;
  readonly at: Instant;
  readonly context: Context;
  /** By task id: the results that this entry's events brought. */
  readonly results: Map<string, Json>;
  /** The events that have changed something so far. */
  readonly applied: OrderEvent[];
  readonly leftOut: LeftOut[];
  readonly calledOffTasks: CalledOff[];
  /** What the attempts that have ended say of their plugins. */
  readonly verdicts: Verdict[];
}
