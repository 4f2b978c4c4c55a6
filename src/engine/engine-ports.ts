import type { ActiveOrders } from '../ports/active-orders.ts';
import type { AwaitedEvents } from '../ports/awaited-events.ts';
import type { Backlogs } from '../ports/backlogs.ts';
import type { Clock } from '../ports/clock.ts';
import type { Counts } from '../ports/counts.ts';
import type { Evaluator } from '../ports/evaluator.ts';
import type { Journal } from '../ports/journal.ts';
import type { Messenger } from '../ports/messenger.ts';
import type { ParkedOrders } from '../ports/parked-orders.ts';
import type { Quarantines } from '../ports/quarantines.ts';
import type { Registry } from '../ports/registry.ts';
import type { Traces } from '../ports/traces.ts';
import type { Turns } from '../ports/turns.ts';
import type { Workflows } from '../ports/workflows.ts';

/** All that the engine reaches out to. */
export interface EnginePorts {
  readonly journal: Journal;
  readonly activeOrders: ActiveOrders;
  readonly parkedOrders: ParkedOrders;
  readonly awaitedEvents: AwaitedEvents;
  readonly quarantines: Quarantines;
  readonly turns: Turns;
  readonly registry: Registry;
  readonly workflows: Workflows;
  readonly messenger: Messenger;
  readonly backlogs: Backlogs;
  readonly evaluator: Evaluator;
  readonly clock: Clock;
  readonly counts: Pick<Counts, 'add'>;
  /** Absent while tracing is off. */
  readonly traces?: Traces;
  /** Waits before a write that has lost so many races is tried again: longer each time, and by chance, so that two writers part. */
  readonly backOff: (lostRaces: number) => Promise<void>;
  /** A plugin's subscription counts as settled when it is this old; a younger plugin is written to directly. Seconds. */
  readonly subscriptionSettlesSeconds: number;
}
