import type { Command } from './command.ts';
import type { OrderEvent } from './event.ts';
import type { Json } from './json.ts';
import type { OrderState } from './order.ts';
import type { Plugins } from './plugin.ts';
import type { Workflow } from './workflow.ts';

/** What a decision may look at besides the state: the order's own workflow version, and the registrations as of now. */
export interface Context {
  readonly workflow: Workflow;
  readonly plugins: Plugins;
}

/** An event that changed nothing, and why. */
export interface IgnoredEvent {
  readonly event: OrderEvent;
  readonly reason: string;
}

/** What the core hands back. Nothing has been stored or sent. */
export interface Decision {
  /** The state after the events: the same object as before when they changed nothing. */
  readonly state: OrderState;
  /** The events that changed something: the journal entry holds these. */
  readonly applied: readonly OrderEvent[];
  readonly commands: readonly Command[];
  readonly ignored: readonly IgnoredEvent[];
}

/** What earlier journal entries know of one job. */
export interface Job {
  readonly input: Json;
  readonly result?: Json;
}

/** What earlier journal entries know of an order. */
export interface History {
  /** The order's own input. */
  readonly input: Json;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** The results of the jobs that completed in earlier entries, which the state does not carry. */
export interface RecallHistory {
  readonly type: 'RecallHistory';
}

/** The values of JSONata expressions: a string is one, and so is every string within a template. */
export interface EvaluateExpressions {
  readonly type: 'EvaluateExpressions';
  readonly payload: Json;
  readonly expressions: readonly Json[];
  /** The events of this decision: what they brought counts among the earlier jobs, though no entry holds it yet. */
  readonly applied: readonly OrderEvent[];
}

/** `place` is where in its template an expression failed: `.items[2].id`; empty or left out for the template itself. */
export type Evaluated =
  | { readonly value: Json }
  | { readonly error: string; readonly place?: string };

/**
 * What a decision may ask for while it is being made. The core stays pure: whoever drives it looks the answer up.
 * `RecallHistory` is answered by a {@link History}, `EvaluateExpressions` by as many {@link Evaluated} as there are expressions.
 */
export type Question = RecallHistory | EvaluateExpressions;
export type Answer = History | readonly Evaluated[];

/** A computation that may ask questions on its way to a `T`. */
export type Deciding<T> = Generator<Question, T, Answer>;

export function* recallHistory(): Deciding<History> {
  return (yield { type: 'RecallHistory' }) as History;
}

export function* evaluate(
  payload: Json,
  expressions: readonly Json[],
  applied: readonly OrderEvent[],
): Deciding<readonly Evaluated[]> {
  if (expressions.length === 0) return [];
  const question = { type: 'EvaluateExpressions', payload, expressions, applied } as const;
  return (yield question) as readonly Evaluated[];
}
