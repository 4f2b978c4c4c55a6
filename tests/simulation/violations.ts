/** What can be found wrong with a world. Each kind is a promise of Baton's that was broken. */
export const VIOLATION_KINDS = [
  /** A task was called off too early or too late, or went on after that. */
  'called off',
  /** An order took an event that was not for it, or took none although one came. */
  'events',
  /** A child order does not do as its parent does. */
  'children',
  /** An order neither ends nor waits for anything that will come. */
  'stuck',
  /** There is no end of things to happen. */
  'restless',
  /** A message of the orchestrator's queue was given up. */
  'dead letter',
  /** An order that has ended is among the active ones. */
  'item left behind',
  /** Records come again, although nothing went wrong in their process. */
  'needless failure',
  /** A request that was repeated counts as another. */
  'conflict',
  /** A journal has gaps, or does not hold what it should. */
  'unsound entry',
  /** A result was applied twice. */
  'result twice',
  /** An order ended otherwise than the sequential model says. */
  'wrong ending',
  /** Who stands in a branch that was not taken is not told of, or somebody else is. */
  'wrong branch',
  /** Something was undone twice, out of order, or for nothing; or was not undone. */
  'wrong undoing',
  /** An act for many orders left one out, was done to one twice, or counted wrongly. */
  'operation',
  /** An order that somebody should look at is not listed as stuck; or one that nobody need look at is. */
  'stuck list',
  /** A fact was not told, or one that is not true. */
  'facts',
  /** An attempt ran out of time although nothing held it up for so long: its message, its answer or its retry was lost. */
  'lost command',
  /** An attempt missed a beat although its plugin had not begun, or had beaten in time. */
  'unfair heartbeat',
  /** An attempt was given up for dead, although others ended its process. */
  'innocent charged',
  /** An attempt was given up for dead that never began. */
  'never ran, charged',
  /** A result or an input was refused as too large that would have fitted. */
  'fits, refused',
  /** An attempt failed, and nothing in the world explains why. */
  'unexplained failure',
  /** A task failed for good before it had made all its attempts. */
  'charged',
  /** A plugin that a person held back got a new task; or one that is new, before a canary had tried it. */
  'sent although held',
  /** An order did not wait until the instant that it should, or not as long as its pauses lasted beyond it. */
  'wrong wait',
  /** A retry, the end of a wait, or a deadline came later than it may. */
  'late',
  /** A callback was answered wrongly, or was taken and got lost. */
  'callback',
  /** Two tasks of one line of an ordered plugin were at work at once; or, in a calm world, one was overtaken by another. */
  'out of line',
  /** In a calm world, an attempt in a line of an ordered plugin began once more although it had come to an end. */
  'performed again',
  /** A task of a stateful plugin was told of another session or transaction than its own; or it was parked while its session was open. */
  'session',
  /** A plugin had more tasks of one client than it takes at once; or a turn was never given back. */
  'too many of a client',
  /** A task waited for its turn although there was one. */
  'waited in vain',
  /** Of one attempt, two messages said different things. */
  'two tasks in one',
] as const;

export type ViolationKind = (typeof VIOLATION_KINDS)[number];

export interface Violation {
  readonly kind: ViolationKind;
  readonly text: string;
  readonly orderId?: string;
}
