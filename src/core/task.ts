import type { Failure } from './failure.ts';
import type { Instant, Json } from './json.ts';

/** What every task in a stage knows, whatever its status. */
interface InStage {
  /** The index of its step in the stage's definition. */
  readonly step: number;
  /** Who performs it: a plugin, or the workflow of a child order; or the type of the event that completes it. */
  readonly plugin: string;
  /** An order of the workflow of that name performs it. */
  readonly byOrder?: true;
  /** An event of that type completes it. */
  readonly awaits?: true;
  readonly mandatory: boolean;
  /** Where its element, or its slice, stands in the list of its step, from 0; absent where the step has no `forEach`. */
  readonly element?: number;
  /** It is a slice of the list: a child order performs it, whose tasks are the elements. */
  readonly slice?: true;
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
  /** The child order that did the job which it undoes. */
  readonly undoneChild?: string;
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
  /** The child order that did that job. */
  readonly undoneChild?: string;
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
  /** It has one of the turns of its client at its plugin: the one that was taken for this journal entry. */
  readonly turn?: number;
}
export interface BackingOffTask extends Open {
  readonly status: 'backingOff';
  readonly retryAt: Instant;
  readonly error: Failure;
  /** The last attempt waited in its plugin's queue for this long, past its deadline; the next one may wait twice as long. */
  readonly waitedMs?: number;
  /** The turn that it has kept, since its message keeps its place in the queue of an ordered plugin. */
  readonly turn?: number;
}
/** The task's clocks stand still since `parkedAt`, and no attempt is used up. */
interface Parked extends Open {
  readonly status: 'parked';
  readonly parkedAt: Instant;
  /** The task is looked at by then. Renewed each time, so that the order is never forgotten. */
  readonly lookAt: Instant;
  /** How its last attempt failed, if there was one. */
  readonly error?: Failure;
  /** As of its last attempt: see {@link BackingOffTask}. */
  readonly waitedMs?: number;
}
/** Its plugin is in quarantine. Someone is asked to look once its day has come. */
export interface HeldTask extends Parked {
  readonly heldSince: Instant;
  /** The quarantine, as it was when the order looked last. */
  readonly quarantine: {
    readonly since: Instant;
    readonly reason: string;
    /** A person drains it. */
    readonly drains?: true;
  };
  /** It is let through, as soon as its order goes on. */
  readonly released?: 'canary' | 'wave';
}
/** Its client has as many tasks at its plugin as that takes at once: the task waits for its turn. */
export interface WaitingTask extends Parked {
  /** So many, when the order looked last. */
  readonly awaitsTurn: number;
  /** Its turn has come. */
  readonly released?: 'turn';
}
export type ParkedTask = HeldTask | WaitingTask;
export interface CompletedTask extends Started {
  readonly status: 'completed';
  /** Of a slice of an optional list: how many of its elements have failed. Absent for none. */
  readonly failures?: number;
}
/** Its stage has ended without it: enough others had completed. */
export interface CalledOffTask extends InStage {
  readonly status: 'calledOff';
}
export interface FailedTask extends Started {
  readonly status: 'failed';
  /** Its own input, where it was never sent: else an earlier entry holds it. */
  readonly input?: Json;
  /** It stands for one task per element: there is no list. */
  readonly each?: true;
  /** It is no plugin's: it was to choose a branch, to wait, or to say whether its activity is repeated. */
  readonly of?: 'choice' | 'wait' | 'repeat';
  /** How many elements of the slice have failed. Absent: it is none, or all have. */
  readonly failures?: number;
  readonly error: Failure;
}
/** A choice between branches that is still to be made: the steps of the branch that is taken will stand in its stage. */
export interface PlannedChoice {
  readonly status: 'plannedChoice';
  readonly step: number;
  readonly again?: BegunAgain;
}
export interface MadeChoice {
  readonly status: 'chosen';
  readonly step: number;
  /** The branch that was taken, from 0. Absent: none was. */
  readonly branch?: number;
}
/** Whether the activity is repeated is still to be decided. It stands last in the post stage, under an index that no step has. */
export interface PlannedRepeat {
  readonly status: 'plannedRepeat';
  readonly step: number;
  readonly again?: BegunAgain;
}
export interface DecidedRepeat {
  readonly status: 'repeatDecided';
  readonly step: number;
  /** There is another round. Absent: the activity is over. */
  readonly repeats?: true;
}
export interface PlannedWait {
  readonly status: 'plannedWait';
  readonly step: number;
  readonly again?: BegunAgain;
}
export interface Wait {
  readonly status: 'waiting';
  readonly step: number;
  readonly entry: number;
  readonly until: Instant;
  readonly again?: BegunAgain;
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
  | CalledOffTask
  | FailedTask
  | PlannedChoice
  | MadeChoice
  | PlannedRepeat
  | DecidedRepeat
  | PlannedWait
  | Wait
  | EndedWait;

export function awaitsTurn(task: StageTask): task is WaitingTask {
  return task.status === 'parked' && 'awaitsTurn' in task;
}

export function isHeld(task: StageTask): task is HeldTask {
  return task.status === 'parked' && !('awaitsTurn' in task);
}

/** Whether a plugin performs it. A workflow or an event may have a plugin's name, and is none. */
export function isPlugins({ byOrder, awaits }: Pick<InStage, 'byOrder' | 'awaits'>): boolean {
  return byOrder !== true && awaits !== true;
}

/** A plugin answers for its own tasks only, and for none that a child order performs or an event completes. Baton itself says no name. */
export function mayAnswer(
  by: string | undefined,
  task: Pick<InStage, 'plugin' | 'byOrder' | 'awaits'>,
): boolean {
  return by === undefined || (isPlugins(task) && task.plugin === by);
}

/** Whether nothing more will happen to the task. */
export function isSettled(task: StageTask): boolean {
  return (
    task.status === 'completed' ||
    task.status === 'failed' ||
    task.status === 'skipped' ||
    task.status === 'calledOff' ||
    task.status === 'chosen' ||
    task.status === 'repeatDecided' ||
    task.status === 'waited'
  );
}

/** A plugin's first job in an order bears its name, the second is `A#2`. */
export function nthName(plugin: string, n: number): string {
  return n === 1 ? plugin : `${plugin}#${n}`;
}
