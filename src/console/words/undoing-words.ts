import type { Order } from '../messages.ts';
import type { StatusWords } from './status-words.ts';

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

/** How the undoing of a job stands; of a status that is newer than this page, the API's own word. */
export function undoingWords(status: UndoingStatus): StatusWords {
  return UNDOING[status] ?? { sign: '·', word: status, tone: 'dim' };
}
