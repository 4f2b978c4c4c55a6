import type { Order } from '../messages.ts';
import { sentence } from './problem-words.ts';
import { hasEnded, type StatusWords } from './status-words.ts';

type UndoingStatus = NonNullable<Order['compensations']>[number]['status'];

const UNDOING: Readonly<Record<UndoingStatus, StatusWords>> = {
  pending: { sign: '○', word: 'to come', tone: 'dim' },
  inFlight: { sign: '▸', word: 'at work', tone: 'live' },
  deferred: { sign: '◷', word: 'awaits a callback', tone: 'live' },
  backingOff: { sign: '↻', word: 'retrying', tone: 'warn' },
  parked: { sign: '❙❙', word: 'parked', tone: 'warn' },
  completed: { sign: '↺', word: 'undone', tone: 'good' },
  failed: { sign: '✕', word: 'could not be undone', tone: 'bad' },
  unknown: { sign: '?', word: 'unclear', tone: 'warn' },
};

/** What was still to be undone when its order ended never will be, unless the undoing is retried. */
const LEFT: StatusWords = { sign: '✕', word: 'not undone', tone: 'bad' };

/** How the undoing of a job stands; of a status that is newer than this page, the API's own word. @param isOver its order has ended */
export function undoingWords(status: UndoingStatus, isOver = false): StatusWords {
  if (isOver && status === 'pending') return LEFT;
  return UNDOING[status] ?? { sign: '·', word: status, tone: 'dim' };
}

type Undone = Pick<Order, 'status' | 'compensations'>;

/** Whether all that was to be undone has been, none of it, or only a part. */
export function undoingTitle(order: Undone): string {
  if (!hasEnded(order)) return 'What is being undone';
  const isWhole = order.compensations?.every(({ status }) => status === 'completed');
  return isWhole ? 'What was undone' : 'What was undone, and what was not';
}

/** Where the undoing of an order has stopped, what is left, and what can be done; undefined where it has not. */
export function undoingVerdict(order: Undone): string | undefined {
  const { status, compensations = [] } = order;
  const failed = compensations.filter((one) => one.status === 'failed');
  if (!hasEnded(order) || failed.length === 0) return undefined;
  const stops = failed.map(({ job, error }) => `${job}${error ? ` (${error.message})` : ''}`);
  const left = compensations.filter((one) => one.status === 'pending').map(({ job }) => job);
  const rest = left.length === 0 ? '' : ` Not undone either: ${left.join(', ')}.`;
  const retry = status === 'failed' ? ' A retry goes on with it.' : '';
  return `${sentence(`its undoing stopped at ${stops.join(', ')}`)}${rest}${retry}`;
}
