import type { Failure } from './failure.ts';
import type { Instant, Json } from './json.ts';
import type {
  Attributes,
  EndingAfterUndo,
  OrderFailure,
  ParentTask,
  Trace,
  WakeUp,
  WorkflowRef,
} from './order.ts';
import type { ParkedOrder } from './parking.ts';
import type { Bottleneck } from './scaling.ts';
import type { PlaceInWait } from './turns.ts';
import type { RunStage } from './workflow.ts';

/** Hand a task to its plugin. */
export interface DispatchTask {
  readonly type: 'DispatchTask';
  readonly orderId: string;
  readonly taskId: string;
  readonly job: string;
  readonly plugin: string;
  readonly attempt: number;
  readonly deadlineAt: Instant;
  /** Silence of the plugin's that is too long, in seconds, if it declares any. */
  readonly heartbeatSeconds?: number;
  readonly input: Json;
  /** Whether `input` is the task's own rather than the order's payload: such a task cannot share a message. */
  readonly ownInput: boolean;
  readonly stage: RunStage;
  readonly attributes: Attributes;
  readonly workflow: WorkflowRef;
  /** The plugin declares `history`: it gets the order's original input and its earlier jobs. */
  readonly history: boolean;
  /** The failure that the activity's `onFailure` is about. */
  readonly caught?: OrderFailure;
  /** The task undoes this job: it gets the job's input and its result, and how the order ends. */
  readonly compensates?: { readonly job: string; readonly ending: EndingAfterUndo };
  /** The child order that performs the task, or that is undone. */
  readonly child?: string;
  /** Names of the jobs that are done, in no particular order. */
  readonly done: readonly string[];
  /** The journal entry of the decision: a plugin's history ends before it. */
  readonly entry: number;
}

/** Make sure that the order hears `DeadlinePassed` at the instant, from a timer of its own. */
export interface SetTimer {
  readonly type: 'SetTimer';
  readonly orderId: string;
  readonly at: Instant;
}

/** Make sure that the sweeper looks at the order at the instant, a minute late at most. */
export interface ArmDeadline {
  readonly type: 'ArmDeadline';
  readonly orderId: string;
  readonly workflow: WorkflowRef;
  readonly at: Instant;
  /** The journal entry of the decision. */
  readonly entry: number;
  /** The wake-up that this one takes the place of. It goes only when all that its entry commanded has been sent. */
  readonly last: WakeUp;
}

/** The order has ended: nobody needs to look after it any more. */
export interface DisarmDeadline {
  readonly type: 'DisarmDeadline';
  readonly orderId: string;
  /** The wake-up that was set last. It goes only when all that its entry commanded has been sent. */
  readonly last: WakeUp;
}

/** Make sure that the order is found among those that are parked for the plugin, and that somebody looks for them. */
export interface ListParked extends ParkedOrder {
  readonly type: 'ListParked';
}

/** Make sure that the task is found among those of its client that wait for a turn at the plugin, and that its turn comes. */
export interface AwaitTurn extends PlaceInWait {
  readonly type: 'AwaitTurn';
}

/** See to it that a child order and its parent hear of each other: something may be due to one of them. */
export interface TendChild {
  readonly type: 'TendChild';
  /** The one whose decision it is. */
  readonly orderId: string;
  readonly parent: string;
  readonly child: string;
  /** The parent waits for it no longer. */
  readonly calledOff?: true;
}

/** See to it that the order hears of the event that a task waits for, if it has come, or as soon as it comes. */
export interface AwaitEvent {
  readonly type: 'AwaitEvent';
  readonly orderId: string;
  readonly taskId: string;
  readonly attempt: number;
}

/** A fact about an order, for anyone outside who subscribed to it. Whoever sends it says where the order hangs in a trace. */
export interface OrderFact extends Partial<Trace> {
  readonly type:
    | 'order.started'
    | 'order.completed'
    | 'order.failed'
    | 'order.cancelled'
    | 'order.paused'
    | 'order.resumed'
    | 'order.retried'
    | 'order.compensating'
    | 'task.cancelled'
    | 'task.failed'
    | 'task.skipped';
  readonly orderId: string;
  readonly workflow: WorkflowRef;
  readonly client?: string;
  /** The task that the order performs, if it is a child order. */
  readonly parent?: Pick<ParentTask, 'orderId' | 'taskId'>;
  /** The journal entry that the fact stands in: with `type` and `task` it identifies the fact, which may be published twice. */
  readonly entry: number;
  readonly task?: string;
  readonly error?: Failure;
  /** Who asked for it, if somebody did, and why. */
  readonly actor?: string;
  readonly reason?: string;
}

interface QuarantineChange {
  readonly plugin: string;
  readonly reason: string;
  readonly since: Instant;
  /** Who did it, where a person did. */
  readonly actor?: string;
}

/** A fact about a plugin; like any fact it may be published twice. */
export type PluginFact =
  /** It has joined, or its registration has changed; the stack that owns it may tell more. */
  | { readonly type: 'plugin.registered'; readonly plugin: string; readonly owner: string }
  /** It finishes what it has, and gets nothing new: it retires, or a person has asked for it, who says why. */
  | ({ readonly type: 'plugin.draining'; readonly plugin: string } & Partial<QuarantineChange>)
  | { readonly type: 'plugin.removed'; readonly plugin: string }
  /** A task was sent to it while it is switched off. */
  | { readonly type: 'plugin.awaited'; readonly plugin: string }
  /** It is held back: its tasks are parked. */
  | ({ readonly type: 'plugin.quarantined' } & QuarantineChange)
  /** It takes tasks again. */
  | ({ readonly type: 'plugin.reopened' } & QuarantineChange)
  /** It has fallen behind, or for another reason than before. */
  | ({ readonly type: 'plugin.bottleneck' } & Bottleneck)
  | {
      readonly type: 'plugin.bottleneck.cleared';
      readonly plugin: string;
      readonly since: Instant;
      readonly clearedAt: Instant;
    };

export type LifecycleFact = OrderFact | PluginFact;

export interface PublishLifecycle {
  readonly type: 'PublishLifecycle';
  readonly fact: OrderFact;
}

export type Command =
  | DispatchTask
  | TendChild
  | AwaitEvent
  | SetTimer
  | ListParked
  | AwaitTurn
  | ArmDeadline
  | DisarmDeadline
  | PublishLifecycle;
