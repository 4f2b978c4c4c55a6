import type { Instant, Json } from './json.ts';
import type { StageName } from './workflow.ts';

export type AttributeValue = string | number | boolean | readonly string[];

/** What filters and conditions look at; fixed when the order is accepted. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** The workflow version that an order was accepted with, and keeps. */
export interface WorkflowRef {
  readonly name: string;
  readonly version: number;
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
}

/** A task that has been given its id and its name among the order's jobs. */
interface Started extends InStage {
  readonly taskId: string;
  readonly job: string;
  /** The number of the latest attempt, from 1; 0 when there was none. */
  readonly attempt: number;
  /** The journal entry in which it came into this status. */
  readonly entry: number;
}

/** A task that may still be attempted. */
interface Open extends Started {
  /** The task's own input; absent when it is the order's payload. */
  readonly input?: Json;
  /** No attempt starts after this instant: the end of the task's total budget. */
  readonly giveUpAt: Instant;
  /** How many attempts never began: they do not count against the policy's `maxAttempts`. Absent for none. */
  readonly givenBack?: number;
}

export interface PlannedTask extends InStage {
  readonly status: 'planned';
}
export interface SkippedTask extends InStage {
  readonly status: 'skipped';
}
export interface InFlightTask extends Open {
  readonly status: 'inFlight';
  readonly dispatchedAt: Instant;
  /** The attempt has failed if it has not ended by then. */
  readonly deadlineAt: Instant;
  /** The journal entry in which a heartbeat said that the attempt has begun. One that sends none may have begun all the same. */
  readonly begunIn?: number;
  /** The latest process that began it has put it off since, at this instant: until another begins, no attempt is under way. */
  readonly putOffAt?: Instant;
  /** The attempt has failed if no other heartbeat has been sent by then. It is there once the first one has come. */
  readonly silentAt?: Instant;
}
export interface BackingOffTask extends Open {
  readonly status: 'backingOff';
  readonly retryAt: Instant;
  readonly error: Failure;
  /** The last attempt waited in its plugin's queue for this long, past its deadline; the next one may wait twice as long. */
  readonly waitedMs?: number;
}
export interface CompletedTask extends Started {
  readonly status: 'completed';
}
export interface FailedTask extends Started {
  readonly status: 'failed';
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
  | CompletedTask
  | FailedTask
  | PlannedWait
  | Wait
  | EndedWait;

/** Where an order stands: the stage that it is in, and the tasks that were planned when it entered it. */
export interface StageProgress {
  readonly activity: number;
  readonly stage: StageName;
  readonly tasks: readonly StageTask[];
}

/** What every state of an order knows. */
interface Identified {
  readonly orderId: string;
  readonly workflow: WorkflowRef;
  readonly client?: string;
  readonly attributes: Attributes;
  readonly acceptedAt: Instant;
  /** The number of the journal entry that holds this state. */
  readonly entry: number;
}

/** An optional job that failed, and the journal entry in which it did. */
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
}

interface Alive extends Identified {
  readonly payload: Json;
  readonly wakeUp: WakeUp;
  /** The wake-up that this one took the place of. Absent for the first. */
  readonly wakeUpBefore?: WakeUp;
}

export interface AcceptedOrder extends Alive {
  readonly status: 'accepted';
}

/** `running` while a task is in flight or backing off, `waiting` while only a wait keeps the order. */
export interface RunningOrder extends Alive {
  readonly status: 'running' | 'waiting';
  readonly stage: StageProgress;
  /** How many tasks have been given an id. */
  readonly taskCount: number;
  /** How many jobs each plugin has had so far. */
  readonly jobs: Readonly<Record<string, number>>;
  /** Optional jobs that failed in earlier stages. */
  readonly failedJobs: readonly FailedJob[];
}

interface Ended extends Identified {
  readonly endedAt: Instant;
  /** The last one that was set. */
  readonly wakeUp: WakeUp;
}
export interface CompletedOrder extends Ended {
  readonly status: 'completed';
  /** Optional jobs that failed on the way. */
  readonly failedJobs: readonly FailedJob[];
  readonly result: Json;
}
export interface FailedOrder extends Ended {
  readonly status: 'failed';
  readonly error: OrderFailure;
}
export interface CancelledOrder extends Ended {
  readonly status: 'cancelled';
  readonly reason?: string;
}

export type EndedOrder = CompletedOrder | FailedOrder | CancelledOrder;
export type OrderState = AcceptedOrder | RunningOrder | EndedOrder;
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
