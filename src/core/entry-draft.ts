import type { Context } from './deciding.ts';
import type { OrderEvent } from './event.ts';
import type { Instant, Json } from './json.ts';

/** What one draft knows: the journal entry being made, the instant, and the results that this draft's events brought. */
export interface EntryDraft {
  readonly entry: number;
  readonly at: Instant;
  readonly context: Context;
  readonly results: Map<string, Json>;
  /** The events that have changed something so far. */
  readonly applied: OrderEvent[];
  /** The instant that the timer was armed for which gave the draft, if one did. */
  readonly armedFor?: Instant;
}
