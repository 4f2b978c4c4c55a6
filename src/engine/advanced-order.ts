import type { ArmDeadline, AwaitTurn, DisarmDeadline, ListParked } from '../core/command.ts';
import type { OrderState } from '../core/order.ts';
import type { ParkedOrder } from '../core/parking.ts';
import type { Refusal } from '../core/refusal.ts';
import type { PlaceInWait, Turn } from '../core/turns.ts';
import type { Verdict } from '../core/verdict.ts';
import type { KeyedPlace } from '../ports/awaited-events.ts';
import type { OutgoingMessage } from '../ports/messenger.ts';
import type { StoredDecision } from './ended-spans.ts';
import { unused } from './turns.ts';

/** What became of one order's events. */
export type Outcome = { readonly known: false } | KnownOutcome;

export interface KnownOutcome {
  readonly known: true;
  /** As it was before. */
  readonly before: OrderState;
  readonly state: OrderState;
  readonly changed: boolean;
  /** What attempts that have ended say of their plugins. */
  readonly verdicts: readonly Verdict[];
  /** Why the order does not do what somebody asked for. */
  readonly refusal?: Refusal;
}

/** One order after its entry is stored: what is left to send, and which deadlines move then. */
export interface AdvancedOrder {
  readonly orderId: string;
  readonly outcome: KnownOutcome;
  readonly messages: readonly OutgoingMessage[];
  readonly parked: {
    readonly listed: readonly ListParked[];
    readonly left: readonly ParkedOrder[];
  };
  /** Where tasks wait for a turn, and wait no longer; and turns that none of its tasks has any more. */
  readonly turns: {
    readonly awaited: readonly AwaitTurn[];
    readonly left: readonly PlaceInWait[];
    readonly over: readonly Turn[];
    /** Where tasks wait though their turn is taken. */
    readonly served: readonly PlaceInWait[];
  };
  /** Where the order no longer waits for events. */
  readonly awaitedNoMore: readonly KeyedPlace[];
  readonly deadlines: readonly (ArmDeadline | DisarmDeadline)[];
  /** Those that were stored here, not those of which this is a repeat. */
  readonly decisions: readonly StoredDecision[];
}

/** What was taken for an entry that did not fit is not wanted any more, unless a smaller one wants it. */
export function withUnused(advanced: AdvancedOrder, taken: readonly Turn[]): AdvancedOrder {
  const { turns, outcome } = advanced;
  return {
    ...advanced,
    turns: { ...turns, over: [...turns.over, ...unused(taken, outcome.state)] },
  };
}

/** An order that has advanced from that state in several steps, as if it had in one; `undefined` if it was gone by the first of them. */
export function together(
  before: OrderState,
  steps: readonly AdvancedOrder[],
): AdvancedOrder | undefined {
  const last = steps.at(-1);
  if (last === undefined) return undefined;
  return {
    orderId: last.orderId,
    outcome: {
      ...last.outcome,
      before,
      changed: steps.some(({ outcome }) => outcome.changed),
      verdicts: steps.flatMap(({ outcome }) => outcome.verdicts),
    },
    messages: steps.flatMap(({ messages }) => messages),
    parked: {
      listed: steps.flatMap(({ parked }) => parked.listed),
      left: steps.flatMap(({ parked }) => parked.left),
    },
    turns: {
      awaited: steps.flatMap(({ turns }) => turns.awaited),
      left: steps.flatMap(({ turns }) => turns.left),
      over: steps.flatMap(({ turns }) => turns.over),
      served: steps.flatMap(({ turns }) => turns.served),
    },
    awaitedNoMore: steps.flatMap(({ awaitedNoMore }) => awaitedNoMore),
    deadlines: steps.flatMap(({ deadlines }) => deadlines),
    decisions: steps.flatMap(({ decisions }) => decisions),
  };
}
