import type { Instant, Json } from './json.ts';
import type { RunStage } from './workflow.ts';

export type AttributeValue = string | number | boolean | readonly string[];

/** What filters and conditions look at; fixed when the order is accepted. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** The workflow version that an order was accepted with, and keeps. */
export interface WorkflowRef {
  readonly name: string;
  readonly version: number;
}

/** Where an order hangs in a trace of its sender's. The core hands it on as it is. @see https://www.w3.org/TR/trace-context/ */
export interface Trace {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** Why a task or an order failed: a stable UPPER_SNAKE code, and a sentence for people. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Why an order failed, and where. */
export interface OrderFailure extends Failure {
  /** The job that failed, as it is called in `jobs`. */
  readonly task: string;
  readonly plugin: string;
  /** The attempt that failed last; 0 when the task could not be dispatched at all. */
  readonly attempt: number;
}

/** What every task in a stage knows, whatever its status. */
interface InStage {
  /** The index of its step in the stage's definition. */
  readonly step: number;
  readonly plugin: string;
  readonly mandatory: boolean;
  /** Where its element stands in the list of its step, from 0; absent where the step has no `forEach`. */
  readonly element?: number;
}

/** A task that has been given its id and its name among the order's jobs. */
interface Started extends InStage {
  readonly taskId: string;
  readonly job: string;
  /** The number of the latest attempt, from 1; 0 when there was none. */
  readonly attempt: number;
  /** The journal entry in which it came into this status. */
  readonly entry: number;
  /** Its plugin declares `compensates`, as of its first attempt: once it has completed, it can be undone. */
  readonly compensates?: true;
  /** An attempt ended without an answer: what it has done nobody knows. Only where its plugin compensates. */
  readonly mayHaveWorked?: true;
  /** It undoes this job. */
  readonly undoes?: string;
}

/** A task that may still be attempted. */
interface Open extends Started {
  /** The task's own input; absent when it is the order's payload. */
  readonly input?: Json;
  /** No attempt starts after this instant: the end of the task's total budget. */
  readonly giveUpAt: Instant;
  /** How many attempts never began: they do not count against the policy's `maxAttempts`. Absent for none. */
  readonly givenBack?: number;
  /** Since when it has waited for its plugin's quarantine to end, the times when it was a canary included. */
  readonly heldSince?: Instant;
}

/** A task that is begun once more after it had failed for good: it keeps its names, and its attempts go on counting. */
export interface BegunAgain {
  readonly taskId: string;
  readonly job: string;
  readonly attempt: number;
  /** The input that a person gave it. Absent: as its step says. */
  readonly input?: Json;
  readonly mayHaveWorked?: true;
}

export interface PlannedTask extends InStage {
  readonly status: 'planned';
  readonly again?: BegunAgain;
  /** It stands for one task per element: what the list holds is not known yet. */
  readonly each?: true;
  /** It will undo this job. */
  readonly undoes?: string;
}
export interface SkippedTask extends InStage {
  readonly status: 'skipped';
  /** Its job, where a person skipped it after it had begun. */
  readonly job?: string;
}
export interface InFlightTask extends Open {
  readonly status: 'inFlight';
  readonly dispatchedAt: Instant;
  /** For how long its order has been paused since, in milliseconds. Absent for not at all. */
  readonly pausedMs?: number;
  /** The attempt has failed if it has not ended by then. */
  readonly deadlineAt: Instant;
  /** The journal entry in which a heartbeat said that the attempt has begun. One that sends none may have begun all the same. */
  readonly begunIn?: number;
  /** The latest process that began it has put it off since, at this instant: until another begins, no attempt is under way. */
  readonly putOffAt?: Instant;
  /** The attempt has failed if no other heartbeat has been sent by then. It is there once the first one has come. */
  readonly silentAt?: Instant;
  /** Since then it waits for whoever holds its token. */
  readonly deferredAt?: Instant;
  /** It was let through to a plugin in quarantine: if it fails, it costs its task no attempt. */
  readonly canary?: true;
}
export interface BackingOffTask extends Open {
  readonly status: 'backingOff';
  readonly retryAt: Instant;
  readonly error: Failure;
  /** The last attempt waited in its plugin's queue for this long, past its deadline; the next one may wait twice as long. */
  readonly waitedMs?: number;
}
/** Its plugin is in quarantine: the task's clocks stand still since `parkedAt`, and no attempt is used up. */
export interface ParkedTask extends Open {
  readonly status: 'parked';
  readonly parkedAt: Instant;
  readonly heldSince: Instant;
  /** Someone is asked to look by then. Renewed each time, so that the order is never forgotten. */
  readonly lookAt: Instant;
  /** The quarantine, as it was when the order looked last. */
  readonly quarantine: {
    readonly since: Instant;
    readonly reason: string;
    /** A person drains it. */
    readonly drains?: true;
  };
  /** How its last attempt failed, if there was one. */
  readonly error?: Failure;
  /** As of its last attempt: see {@link BackingOffTask}. */
  readonly waitedMs?: number;
  /** It is let through, as soon as its order goes on. */
  readonly released?: 'canary' | 'wave';
}
export interface CompletedTask extends Started {
  readonly status: 'completed';
}
export interface FailedTask extends Started {
  readonly status: 'failed';
  /** Its own input, where it was never sent: else an earlier entry holds it. */
  readonly input?: Json;
  /** It stands for one task per element: there is no list. */
  readonly each?: true;
  readonly error: Failure;
}
export interface PlannedWait {
  readonly status: 'plannedWait';
  readonly step: number;
}
export interface Wait {
  readonly status: 'waiting';
  readonly step: number;
  readonly entry: number;
  readonly until: Instant;
}
export interface EndedWait {
  readonly status: 'waited';
  readonly step: number;
}

export type StageTask =
  | PlannedTask
  | SkippedTask
  | InFlightTask
  | BackingOffTask
  | ParkedTask
  | CompletedTask
  | FailedTask
  | PlannedWait
  | Wait
  | EndedWait;

/** Where an order stands: the stage that it is in, and the tasks that were planned when it entered it. */
export interface StageProgress {
  readonly activity: number;
  readonly stage: RunStage;
  readonly tasks: readonly StageTask[];
  /** By the index of a step with `forEach`: the list that it came to. */
  readonly lists?: Readonly<Record<string, readonly Json[]>>;
}

/** What every state of an order knows. */
interface Identified {
  readonly orderId: string;
  readonly workflow: WorkflowRef;
  readonly client?: string;
  readonly attributes: Attributes;
  readonly acceptedAt: Instant;
  /** Absent where its sender named none. */
  readonly trace?: Trace;
  /** The number of the journal entry that holds this state. */
  readonly entry: number;
}

/** A job that failed, and the journal entry in which it did. */
export interface FailedJob {
  readonly job: string;
  readonly entry: number;
  readonly error: Failure;
}

/** When the sweeper looks at the order at the latest. Its two numbers name the wake-up among all that the order ever had. */
export interface WakeUp {
  readonly at: Instant;
  /** The journal entry that set it. */
  readonly entry: number;
  /** Only of the one before: the order had ended under it, and stands under none. */
  readonly ended?: true;
}

interface Alive extends Identified {
  readonly payload: Json;
  readonly wakeUp: WakeUp;
  /** It pauses instead of failing, whatever its workflow says. */
  readonly pauseOnFailure?: true;
  /** The wake-up that this one took the place of. Absent for the first. */
  readonly wakeUpBefore?: WakeUp;
  /**
   * The entry that set the latest wake-up under which the order is known to have stood: all that was commanded before is sent, and
   * whoever looks for the place where it stands need not look further back. Absent while it has few entries.
   */
  readonly stoodIn?: number;
}

export interface AcceptedOrder extends Alive {
  readonly status: 'accepted';
}

/** Where an order stands, or stood when it ended: from there it goes on. */
export interface Standing {
  readonly payload: Json;
  readonly stage: StageProgress;
  /** How many tasks have been given an id. */
  readonly taskCount: number;
  /** How many jobs each plugin has had so far. */
  readonly jobs: Readonly<Record<string, number>>;
  /** Jobs that failed in earlier stages and did not fail the order: optional ones, and those whose failure was caught. */
  readonly failedJobs: readonly FailedJob[];
  /** The failure for which an activity's `onFailure` runs. */
  readonly caught?: OrderFailure;
  /** A task has begun whose plugin compensates. */
  readonly undoable?: true;
}

/** `running` while a task is in flight or backing off, `waiting` while only a wait keeps the order. */
export interface RunningOrder extends Alive, Standing {
  readonly status: 'running' | 'waiting';
  /** The journal entry in which its clocks went on after a pause. */
  readonly resumedIn?: number;
}

/** Its clocks stand still: every instant of its tasks is as of `pausedAt`, and moves on by the length of the pause when it ends. */
export interface PausedOrder extends Alive, Standing {
  readonly status: 'paused';
  readonly pausedAt: Instant;
  /** The journal entry in which it paused. */
  readonly pausedIn: number;
  /** It has paused instead of failing: going on means to try again what failed. */
  readonly onFailure?: true;
  /** Someone is asked to look by then. Renewed each time, so that the order is never forgotten. */
  readonly lookAt: Instant;
}

/** A job that completed, and can be undone. */
export interface UndoableJob {
  readonly taskId: string;
  readonly job: string;
  readonly plugin: string;
}

/** Jobs that are undone at once: one of a pre or post stage, or those of a parallel one. */
export interface UndoGroup {
  /** The activity's index in the workflow. */
  readonly activity: number;
  readonly jobs: readonly UndoableJob[];
}

/** How an order ends once it has been undone. */
export type EndingAfterUndo =
  | { readonly status: 'failed'; readonly error: OrderFailure }
  | { readonly status: 'cancelled'; readonly reason?: string };

/** The undoing of an order: what of it is under way stands in the order's stage. */
export interface Undoing {
  /** The journal entry in which it began. */
  readonly begunIn: number;
  readonly ending: EndingAfterUndo;
  /** What is still to be undone after the stage, in this order. Absent while the order waits for what is in flight. */
  readonly groups?: readonly UndoGroup[];
  /** Jobs of which nobody knows what they have done: an attempt ended without an answer. */
  readonly unknown: readonly UndoableJob[];
}

/** What completed is undone, in reverse order; before that, the order waits until what is in flight has answered or timed out. */
export interface CompensatingOrder extends Alive, Standing {
  readonly status: 'compensating';
  readonly undoing: Undoing;
}

/** An order that stands in a stage. */
export type StagedOrder = RunningOrder | PausedOrder | CompensatingOrder;

interface Ended extends Identified {
  readonly endedAt: Instant;
  /** The last one that was set. */
  readonly wakeUp: WakeUp;
}
export interface CompletedOrder extends Ended {
  readonly status: 'completed';
  /** Optional jobs that failed on the way. */
  readonly failedJobs: readonly FailedJob[];
  /** How many tasks it had. Absent where an older version wrote it. */
  readonly taskCount?: number;
  readonly result: Json;
}
/** It can go on from where it stands, or its undoing can, where that failed. */
export interface FailedOrder extends Ended, Standing {
  readonly status: 'failed';
  readonly error: OrderFailure;
  /** There once anything was to be undone. */
  readonly undoing?: Undoing;
}
/** Where it stood it keeps if it has been undone. */
export interface CancelledOrder extends Ended, Partial<Standing> {
  readonly status: 'cancelled';
  readonly reason?: string;
  /** There if anything was to be undone. */
  readonly undoing?: Undoing;
}

export type EndedOrder = CompletedOrder | FailedOrder | CancelledOrder;
export type OrderState = AcceptedOrder | StagedOrder | EndedOrder;
export type OrderStatus = OrderState['status'];

export function hasEnded(state: OrderState): state is EndedOrder {
  return 'endedAt' in state;
}

/** Whether nothing more will happen to the task. */
export function isSettled(task: StageTask): boolean {
  return (
    task.status === 'completed' ||
    task.status === 'failed' ||
    task.status === 'skipped' ||
    task.status === 'waited'
  );
}

/** A plugin's first job in an order bears its name, the second is `A#2`. */
export function nthName(plugin: string, n: number): string {
  return n === 1 ? plugin : `${plugin}#${n}`;
}
