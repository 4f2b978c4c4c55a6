import type { OrderEvent, OrderPlaced } from './event.ts';
import type { Instant } from './json.ts';
import type { OrderState } from './order.ts';
import type { RunStage } from './workflow.ts';

/** One decision: the events that it took, and the state after them. Entries are numbered from 0 without gaps. */
export interface JournalEntry {
  readonly orderId: string;
  readonly number: number;
  readonly at: Instant;
  readonly events: readonly (OrderPlaced | OrderEvent)[];
  readonly state: OrderState;
  /** Absent when nobody was left out. */
  readonly leftOut?: readonly LeftOut[];
  /** Child orders for which the order waits no longer, though they have not ended. Absent for none. */
  readonly calledOff?: readonly string[];
  /** Tasks that had begun when their stage ended without them. Absent for none. */
  readonly calledOffTasks?: readonly CalledOff[];
}

/** A task for which its order waits no longer, since enough others of its stage have completed. */
export interface CalledOff {
  readonly taskId: string;
  /** For people. */
  readonly reason: string;
}

/**
 * A plugin that did not take part in a stage although the stage might have had it: its step's `when` said no (`skipped`), it
 * joined the stage and this order is none for it (`notInvited`), or its turn had not come when enough others had completed (`calledOff`).
 */
export interface LeftOut {
  readonly plugin: string;
  readonly status: 'skipped' | 'notInvited' | 'calledOff';
  /** The activity's index in the workflow. */
  readonly activity: number;
  readonly stage: RunStage;
  /** Of an activity that is repeated: in which round, from 2. Absent in the first. */
  readonly round?: number;
  /** For people. */
  readonly reason: string;
}

/** The event with which the order began; the journal's first entry holds it. */
export function placedEvent(entries: readonly JournalEntry[]): OrderPlaced {
  const first = entries[0]?.events[0];
  if (first?.type !== 'OrderPlaced') throw new Error('a journal begins with OrderPlaced');
  return first;
}
