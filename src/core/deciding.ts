import type { Command } from './command.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { OrderEvent } from './event.ts';
import type { CalledOff, JournalEntry, LeftOut } from './journal-entry.ts';
import type { Instant, Json } from './json.ts';
import type { OrderState, StagedOrder, StageProgress, WakeUp } from './order.ts';
import type { Plugins } from './plugin.ts';
import type { Refusal } from './refusal.ts';
import type { History, TaskRecord } from './task-records.ts';
import type { AskedTurn } from './turns.ts';
import type { Verdict } from './verdict.ts';
import type { Workflow } from './workflow.ts';

/** What a decision may look at besides the state: the order's own workflow version, and the registrations as of now. */
export interface Context {
  readonly workflow: Workflow;
  readonly plugins: Plugins;
  /** Long lists are not cut into slices: nobody performs child orders here. */
  readonly listsStayWhole?: true;
}

/** An event that changed nothing, and why. */
export interface IgnoredEvent {
  readonly event: OrderEvent;
  readonly reason: string;
  /** Only of an act that is refused: it may be well asked of another order, or at another time. */
  readonly code?: Refusal['code'];
}

/** What the core hands back. Nothing has been stored or sent. */
export interface Decision {
  /** The state after the events: the same object as before when they changed nothing. */
  readonly state: OrderState;
  /** The latest instant of all the events, those that changed nothing included. The journal entry bears it. */
  readonly at: Instant;
  /** The events that changed something: the journal entry holds these. */
  readonly applied: readonly OrderEvent[];
  /** Who did not take part in the stages that the order entered or finished: the journal entry says so. */
  readonly leftOut: readonly LeftOut[];
  /** Child orders for which the order waits no longer, though they have not ended: the journal entry says so. */
  readonly calledOff: readonly string[];
  /** Tasks that had begun when their stage ended without them: the journal entry says so. */
  readonly calledOffTasks: readonly CalledOff[];
  /** What the attempts that have ended say of their plugins. No entry holds it. */
  readonly verdicts: readonly Verdict[];
  readonly commands: readonly Command[];
  readonly ignored: readonly IgnoredEvent[];
}

/** What the journal entry says beside the state and the events. */
export function notedIn({
  leftOut,
  calledOff,
  calledOffTasks,
}: Decision): Pick<JournalEntry, 'leftOut' | 'calledOff' | 'calledOffTasks'> {
  return {
    ...(leftOut.length > 0 && { leftOut }),
    ...(calledOff.length > 0 && { calledOff }),
    ...(calledOffTasks.length > 0 && { calledOffTasks }),
  };
}

/** What earlier entries, and the events of this decision, know of the order's input and jobs. */
export interface RecallHistory {
  readonly type: 'RecallHistory';
}

/** The tasks of the order as earlier entries and this decision tell of them. */
export interface RecallTasks {
  readonly type: 'RecallTasks';
  /** The entry that is being made, as far as it is. */
  readonly entry: JournalEntry;
}

/** Another version of the order's workflow, to which somebody moves it. */
export interface RecallWorkflow {
  readonly type: 'RecallWorkflow';
  readonly version: number;
}

/** Which journal entries took these events, if any did: an event that comes again is told by the entry that holds it. */
export interface RecallEntries {
  readonly type: 'RecallEntries';
  readonly events: readonly OrderEvent[];
}

/** The element of a list that an expression is about: it knows it as `$element` and `$index`. */
export interface BoundElement {
  readonly value: Json;
  /** From 0. */
  readonly index: number;
}

/** The values of JSONata expressions: a string is one, and so is every string within a template. */
export interface EvaluateExpressions {
  readonly type: 'EvaluateExpressions';
  readonly payload: Json;
  readonly expressions: readonly Json[];
  /** By expression: the element that it is about, `null` for none. Absent where none is about any. */
  readonly elements?: readonly (BoundElement | null)[];
  /** The events of this decision: the results that they bring count among the earlier jobs, though no entry holds them yet. */
  readonly applied: readonly OrderEvent[];
  /**
   * Jobs that the expressions do not know, though they may be done: those of the parallel stage in which they stand. What a task of it
   * gets then is the same whether it begins with the others, after some of them, or once more. Absent for none.
   */
  readonly beside?: readonly string[];
}

/** How old the oldest message is in the queue of each of these plugins. */
export interface AskBacklogs {
  readonly type: 'AskBacklogs';
  readonly plugins: readonly string[];
}

/** `place` is where in its template an expression failed: `.items[2].id`; empty or left out for the template itself. */
export type Evaluated =
  | { readonly value: Json }
  | { readonly error: string; readonly place?: string };

/** Which of these tasks get a turn: a plugin takes so many tasks of one client at once. */
export interface AskTurns {
  readonly type: 'AskTurns';
  readonly turns: readonly AskedTurn[];
}

/** Whether the order stands under this wake-up, so that a sweep would find it there. */
export interface AskStanding {
  readonly type: 'AskStanding';
  readonly wakeUp: WakeUp;
}

/** By plugin: when the oldest message of its queue was sent. A plugin whose queue is empty is left out. */
export type Backlogs = ReadonlyMap<string, Instant>;

/** What a decision may ask for while it is being made. The core stays pure: whoever drives it looks the answer up. */
export type Question =
  | RecallHistory
  | RecallTasks
  | RecallWorkflow
  | RecallEntries
  | EvaluateExpressions
  | AskBacklogs
  | AskTurns
  | AskStanding;

/**
 * `RecallHistory` is answered by a {@link History}, `RecallTasks` by {@link TaskRecord}s, `RecallWorkflow` by a {@link Workflow}, `RecallEntries` by the entries that were found, `EvaluateExpressions` by as many
 * {@link Evaluated} as there are expressions, `AskBacklogs` by {@link Backlogs}, `AskTurns` by the ids of the tasks that have got one, `AskStanding` by yes or no.
 */
export type Answer =
  | History
  | readonly TaskRecord[]
  | Workflow
  | readonly JournalEntry[]
  | readonly Evaluated[]
  | Backlogs
  | ReadonlySet<string>
  | boolean;

/** A computation that may ask questions on its way to a `T`. */
export type Deciding<T> = Generator<Question, T, Answer>;

export function* recallHistory(): Deciding<History> {
  return (yield { type: 'RecallHistory' }) as History;
}

export function* recallTasks(
  state: OrderState,
  { entry: number, at, applied, calledOffTasks }: EntryDraft,
): Deciding<readonly TaskRecord[]> {
  const { orderId } = state;
  const entry = { orderId, number, at, events: applied, state, calledOffTasks };
  return (yield { type: 'RecallTasks', entry }) as readonly TaskRecord[];
}

export function* recallWorkflow(version: number): Deciding<Workflow> {
  return (yield { type: 'RecallWorkflow', version }) as Workflow;
}

export function* recallEntries(events: readonly OrderEvent[]): Deciding<readonly JournalEntry[]> {
  if (events.length === 0) return [];
  return (yield { type: 'RecallEntries', events }) as readonly JournalEntry[];
}

/** What expressions of the stage in which the order stands come to. */
export function* evaluate(
  { payload, stage }: Pick<StagedOrder, 'payload' | 'stage'>,
  expressions: readonly Json[],
  applied: readonly OrderEvent[],
  elements?: readonly (BoundElement | null)[],
): Deciding<readonly Evaluated[]> {
  if (expressions.length === 0) return [];
  const bound = elements?.some((one) => one !== null) ? { elements } : {};
  const jobs = stage.stage === 'parallel' ? jobsIn(stage) : [];
  const beside = jobs.length > 0 ? { beside: jobs } : {};
  const question = { type: 'EvaluateExpressions', payload, expressions, applied } as const;
  return (yield { ...question, ...bound, ...beside }) as readonly Evaluated[];
}

function jobsIn({ tasks }: StageProgress): readonly string[] {
  return tasks.flatMap((task) => ('taskId' in task ? [task.job] : []));
}

export function* askBacklogs(plugins: readonly string[]): Deciding<Backlogs> {
  if (plugins.length === 0) return new Map();
  return (yield { type: 'AskBacklogs', plugins }) as Backlogs;
}

export function* askTurns(turns: readonly AskedTurn[]): Deciding<ReadonlySet<string>> {
  if (turns.length === 0) return new Set();
  return (yield { type: 'AskTurns', turns }) as ReadonlySet<string>;
}

export function* askStanding(wakeUp: WakeUp): Deciding<boolean> {
  return (yield { type: 'AskStanding', wakeUp }) as boolean;
}
