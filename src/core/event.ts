import type { Failure } from './failure.ts';
import type { Instant, Json } from './json.ts';
import type { Attributes, ParentTask, Trace, WorkflowRef } from './order.ts';
import type { SliceOfList } from './slices.ts';

/** What may happen next to a failed attempt: as the policy says, nothing, or a retry after a pause of the plugin's choice. */
export type RetryAdvice =
  | { readonly retry: 'policy' }
  | { readonly retry: 'never' }
  | { readonly retry: 'later'; readonly afterSeconds: number };

/** A client has placed an order: its first journal entry holds this event. */
export interface OrderPlaced {
  readonly type: 'OrderPlaced';
  readonly at: Instant;
  readonly orderId: string;
  readonly input: Json;
  readonly attributes: Attributes;
  readonly workflow: WorkflowRef;
  readonly client?: string;
  /** It pauses instead of failing, whatever its workflow says. */
  readonly pauseOnFailure?: true;
  readonly trace?: Trace;
  /** The task that it performs, if it is a child order. */
  readonly parent?: ParentTask;
  /** What it does of its parent's list, if it does a slice of one. */
  readonly slice?: SliceOfList;
  /** The event from outside that started it, if one did: it wakes no task of the order. */
  readonly eventId?: string;
  /** Of the orders that were placed together with it, the first, and when that was accepted. Absent for an order that came alone. */
  readonly group?: { readonly first: string; readonly at: Instant };
  /** Hash of the request that made the order: the same key with another fingerprint is a conflict. */
  readonly fingerprint: string;
}

/** The order is stored, and the message that starts it has come. */
export interface OrderAccepted {
  readonly type: 'OrderAccepted';
  readonly at: Instant;
}

/** Which attempt of which task an answer is about. */
interface Answered {
  readonly at: Instant;
  readonly taskId: string;
  readonly attempt: number;
  /** The plugin that answers, which must be the task's own; absent when Baton itself noticed. */
  readonly by?: string;
}

/** When an attempt was at work, by the clock of the function that performed it. */
export interface Run {
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  /** The instance of the function, as its log stream's name ends: the first eight characters. */
  readonly instance?: string;
}

export interface TaskCompleted extends Answered {
  readonly type: 'TaskCompleted';
  readonly result: Json;
  /** Absent where the plugin does not say: its SDK is older. */
  readonly ran?: Run;
  /** The event from outside that has completed it, if one did; its data is the result. */
  readonly event?: { readonly id: string; readonly receivedAt: Instant };
  /** Of a slice of an optional list: how many of its elements have failed all the same. Absent for none. */
  readonly failures?: number;
}

export type TaskFailed = Answered & {
  readonly type: 'TaskFailed';
  readonly ran?: Run;
  readonly error: Failure;
  /** Of a slice of a list: how many of its elements have failed, and what each has given, `null` for nothing. */
  readonly ofSlice?: { readonly failures: number; readonly results: readonly Json[] };
} & RetryAdvice;

/** An attempt says that it has begun, or that it goes on. */
export interface TaskHeartbeat extends Answered {
  readonly type: 'TaskHeartbeat';
  /** When the heartbeat was sent. It may be read much later, and twice: silence counts from when it was sent. */
  readonly sentAt: Instant;
  /** Whoever holds the attempt's token says so, rather than the plugin's own function. */
  readonly byCallback?: true;
}

/** An attempt reached its plugin after its deadline, and never began. */
export interface TaskExpired extends Answered {
  readonly type: 'TaskExpired';
}

/** An attempt that had begun was stopped by its own process, which is well: its message comes again. */
export interface TaskPutOff extends Answered {
  readonly type: 'TaskPutOff';
  /** When it was said: a heartbeat that was sent before says nothing any more. */
  readonly sentAt: Instant;
}

/** The plugin has done its part of an attempt: whoever holds the attempt's token finishes it. */
export interface TaskDeferred extends Answered {
  readonly type: 'TaskDeferred';
  /** When it was said. */
  readonly sentAt: Instant;
  readonly ran?: Run;
}

/** A plugin's queue has given up on an attempt: it was received several times, and never answered for. */
export interface TaskDeadLettered extends Answered {
  readonly type: 'TaskDeadLettered';
}

/** The order's tasks that wait for a plugin in quarantine may go to it; or the turn of one task has come. */
export interface TaskReleased {
  readonly type: 'TaskReleased';
  readonly at: Instant;
  readonly plugin: string;
  /** The journal entry in which they were parked: those that were parked later are not meant. */
  readonly parkedIn: number;
  /** Only one of them goes, to see whether the plugin works. */
  readonly canary?: true;
  /** The task whose turn has come: one of the turns of its client has been taken for it. No other is meant then. */
  readonly task?: string;
}

/**
 * An event came from outside for which a task of the order may wait. No entry holds it: it becomes the `TaskCompleted` of that task,
 * and an event that the journal holds already changes nothing.
 */
export interface EventReceived {
  readonly type: 'EventReceived';
  readonly at: Instant;
  readonly eventId: string;
  readonly eventType: string;
  /** Absent of one for the order alone, if it is for whatever key the order waits under. */
  readonly key?: string;
  /** When it came: no older entry can hold it. */
  readonly receivedAt: Instant;
  /** The task for which it was found: others that it fits may have an older one of their own. */
  readonly foundFor?: string;
  readonly data: Json;
}

/** An instant that the order waits for may have come: the core finds out which. */
export interface DeadlinePassed {
  readonly type: 'DeadlinePassed';
  readonly at: Instant;
  /** The instant of the `ArmDeadline` that this event comes from, by a timer or by the sweeper. */
  readonly armedFor?: Instant;
}

/** What somebody asks of an order. Applied once: an act that the journal holds already changes nothing. */
interface Act {
  readonly at: Instant;
  /** Names the act in all orders that it is about. */
  readonly actId: string;
  /** When it was asked for at the earliest: no older entry can hold it. */
  readonly askedAt: Instant;
  /** Who asked: `operator`, `client:<id>`, or nobody that is known. */
  readonly actor?: string;
  readonly reason?: string;
  /** Stands for all that a request under a key asks for: another one under the same key is refused. */
  readonly fingerprint?: string;
}

export interface CancelRequested extends Act {
  readonly type: 'CancelRequested';
  /** Nothing is undone. */
  readonly undo?: false;
}

/** The order's clocks are to stand still. */
export interface PauseRequested extends Act {
  readonly type: 'PauseRequested';
}

/** The order's clocks are to go on; what failed for good is tried again. */
export interface ResumeRequested extends Act {
  readonly type: 'ResumeRequested';
}

/** A failed order is to go on from the tasks that failed it. */
export interface RetryRequested extends Act {
  readonly type: 'RetryRequested';
  /** Another input for the task that failed; only where one did. */
  readonly input?: Json;
  /** The order moves to this version of its workflow. */
  readonly version?: number;
  /** Of a slice of a list: the attempt of its parent's task for which it goes on. */
  readonly forAttempt?: number;
}

/** A task that is open or has failed counts as done. */
export interface SkipRequested extends Act {
  readonly type: 'SkipRequested';
  /** The task by its job's name. */
  readonly job: string;
  /** It completes with this result. Absent: the order goes on as if the task had not taken part. */
  readonly result?: Json;
}

/** A task that is open is to end without having completed, and not to be attempted again. */
export interface TaskCancelRequested extends Act {
  readonly type: 'TaskCancelRequested';
  /** The task by its job's name. */
  readonly job: string;
}

/** A completed child order is to be undone, since its parent is. */
export interface UndoRequested extends Act {
  readonly type: 'UndoRequested';
}

export type ActRequested =
  | CancelRequested
  | PauseRequested
  | ResumeRequested
  | RetryRequested
  | SkipRequested
  | TaskCancelRequested
  | UndoRequested;

export function isAct(event: OrderEvent): event is ActRequested {
  return 'actId' in event;
}

/** What happens by itself. */
export type Occurrence =
  | OrderAccepted
  | TaskCompleted
  | TaskFailed
  | TaskHeartbeat
  | TaskExpired
  | TaskPutOff
  | TaskDeferred
  | TaskDeadLettered
  | TaskReleased
  | EventReceived
  | DeadlinePassed;

/** What can happen to an order that has been accepted. */
export type OrderEvent = Occurrence | ActRequested;
