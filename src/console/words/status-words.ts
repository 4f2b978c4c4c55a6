import type { OrderStatus, Task } from '../messages.ts';

export type Tone = 'good' | 'bad' | 'warn' | 'live' | 'dim';

/** A status is a sign, a word and a colour: never a colour alone. */
export interface StatusWords {
  readonly sign: string;
  readonly word: string;
  readonly tone: Tone;
}

const ORDER: Readonly<Record<OrderStatus, StatusWords>> = {
  accepted: { sign: '○', word: 'accepted', tone: 'live' },
  running: { sign: '▸', word: 'running', tone: 'live' },
  waiting: { sign: '◷', word: 'waiting', tone: 'live' },
  paused: { sign: '❙❙', word: 'paused', tone: 'warn' },
  compensating: { sign: '↺', word: 'being undone', tone: 'warn' },
  completed: { sign: '✓', word: 'completed', tone: 'good' },
  failed: { sign: '✕', word: 'failed', tone: 'bad' },
  cancelled: { sign: '⊘', word: 'cancelled', tone: 'dim' },
};

/** Of a task, or of a step that is none: a wait, or what has not begun. */
export type TaskStatus = Task['status'] | 'waiting' | 'waited' | 'planned' | 'notReached';

const TASK: Readonly<Record<TaskStatus, StatusWords>> = {
  inFlight: { sign: '▸', word: 'at work', tone: 'live' },
  deferred: { sign: '◷', word: 'awaits a callback', tone: 'live' },
  awaiting: { sign: '◷', word: 'awaits an event', tone: 'live' },
  backingOff: { sign: '↻', word: 'retrying', tone: 'warn' },
  parked: { sign: '❙❙', word: 'parked', tone: 'warn' },
  completed: { sign: '✓', word: 'completed', tone: 'good' },
  failed: { sign: '✕', word: 'failed', tone: 'bad' },
  skipped: { sign: '»', word: 'skipped', tone: 'dim' },
  calledOff: { sign: '⊘', word: 'called off', tone: 'dim' },
  abandoned: { sign: '⊘', word: 'abandoned', tone: 'dim' },
  notInvited: { sign: '–', word: 'not invited', tone: 'dim' },
  waiting: { sign: '◷', word: 'waiting', tone: 'live' },
  waited: { sign: '✓', word: 'over', tone: 'dim' },
  planned: { sign: '○', word: 'to come', tone: 'dim' },
  notReached: { sign: '○', word: 'not reached', tone: 'dim' },
};

/** Of a status that is newer than this page, the API's own word. */
const unknown = (status: string): StatusWords => ({ sign: '·', word: status, tone: 'dim' });

export function orderStatusWords(status: OrderStatus): StatusWords {
  return ORDER[status] ?? unknown(status);
}

export function taskStatusWords(status: TaskStatus): StatusWords {
  return TASK[status] ?? unknown(status);
}

/** The statuses of orders that have not ended. */
export const ACTIVE: readonly OrderStatus[] = [
  ...(['accepted', 'running', 'waiting', 'paused', 'compensating'] as const),
];

const ENDED: ReadonlySet<OrderStatus> = new Set<OrderStatus>(['completed', 'failed', 'cancelled']);

export const hasEnded = ({ status }: { readonly status: OrderStatus }): boolean =>
  ENDED.has(status);
