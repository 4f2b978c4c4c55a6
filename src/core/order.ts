import type { Failure } from './failure.ts';
import type { Instant, Json } from './json.ts';
import type { SliceOfList } from './slices.ts';
import type { StageTask } from './task.ts';
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

/** The task that a child order performs. */
export interface ParentTask {
  readonly orderId: string;
  readonly taskId: string;
  readonly attempt: number;
  /** How many orders stand above the child: 1 where its parent is nobody's child. */
  readonly depth: number;
}

/** Why an order failed, and where. */
export interface OrderFailure extends Failure {
  /** The job that failed, as it is called in `jobs`. */
  readonly task: string;
  readonly plugin: string;
  /** The attempt that failed last; 0 when the task could not be dispatched at all. */
  readonly attempt: number;
}

/** Where an order stands: the stage that it is in, and the tasks that were planned when it entered it. */
export interface StageProgress {
  readonly activity: number;
  readonly stage: RunStage;
  /** Of an activity that is repeated: which round it is, from 2. Absent in the first. */
  readonly round?: number;
  /** Of a choice among activities: which of the workflow's it is. */
  readonly choice?: number;
  readonly tasks: readonly StageTask[];
  /** By the index of a step with `forEach`: the list that it came to; of one that is cut into slices, the inputs of its elements. */
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
  /** Absent for an order that somebody has placed. */
  readonly parent?: ParentTask;
  /** Of a child order that does a part of its parent's list. */
  readonly slice?: SliceOfList;
  /** The number of the journal entry that holds this state. */
  readonly entry: number;
}

/** A job that failed, and the journal entry in which it did. */
export interface FailedJob {
  readonly job: string;
  readonly entry: number;
  readonly error: Failure;
  readonly mayHaveWorked?: true;
}

/** When the sweeper looks at the order at the latest. Its two numbers name the wake-up among all that the order ever had. */
export interface WakeUp {
  readonly at: Instant;
  /** The journal entry that set it. */
  readonly entry: number;
  /** The first of the orders that were placed together, under whose name they stand. Only of the first wake-up. */
  readonly group?: string;
  /** Only of the one before: the order had ended under it, and stands under none. */
  readonly ended?: true;
}

export function isSameWakeUp(one: WakeUp, other: WakeUp): boolean {
  return one.at === other.at && one.entry === other.entry && one.group === other.group;
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
  /** Jobs of earlier stages that were called off. Absent for none. */
  readonly calledOffJobs?: readonly string[];
  /** Jobs that have neither been done nor failed: people skipped them without a result, or nothing was to be done when they were begun again. Absent for none. */
  readonly skippedJobs?: readonly string[];
  /** Jobs that were skipped, cancelled or called off before their plugins got them. Absent for none. */
  readonly neverSentJobs?: readonly string[];
  /** Tasks for which the order waits no longer, although an attempt may complete yet, and would have to be undone. Absent for none. */
  readonly unawaited?: readonly UnawaitedTask[];
}

/** `running` while a task is in flight or backing off, `waiting` while only waits and awaited events keep the order. */
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
  /** The act that paused it. Absent where it has paused instead of failing. */
  readonly pausedBy?: {
    readonly actId: string;
    readonly actor?: string;
    readonly reason?: string;
  };
  /** It has paused instead of failing: going on means to try again what failed. */
  readonly onFailure?: true;
  /** Only its parent has paused it, and it goes on with that. */
  readonly byParent?: true;
  /** Someone is asked to look by then. Renewed each time, so that the order is never forgotten. */
  readonly lookAt: Instant;
}

/** A task that has failed for good, or was skipped, cancelled or called off, and may complete all the same. */
export interface UnawaitedTask {
  readonly taskId: string;
  readonly plugin: string;
  /** An order of the workflow of that name performs it. */
  readonly byOrder?: true;
  /** It is a slice of a list: one order performs all its attempts. */
  readonly slice?: true;
  /** The latest attempt. */
  readonly attempt: number;
  /** That attempt has said that it failed: only if its message comes once more will it be performed again. */
  readonly hasFailed?: true;
}

/** A job that completed, and can be undone. */
export interface UndoableJob {
  readonly taskId: string;
  readonly job: string;
  readonly plugin: string;
  /** The child order that did it, if one did. */
  readonly child?: string;
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
  /** Jobs that failed, as they said: nothing of them is to be undone, unless a message of theirs comes once more and is done. Absent for none. */
  readonly notDone?: readonly UndoableJob[];
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
  /** The journal entry in which it ended, where this one only holds what has been heard of since. */
  readonly endedIn?: number;
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
  /** Of a child order, which its parent may have undone. Absent for none. */
  readonly unawaited?: readonly UnawaitedTask[];
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

/** The journal entry in which the order ended. */
export function endOf({ endedIn, entry }: EndedOrder): number {
  return endedIn ?? entry;
}
