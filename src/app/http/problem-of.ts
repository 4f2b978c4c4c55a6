import { Problem } from '../../contract/problem.ts';
import { BrokenJournalError } from '../../ports/journal.ts';
import { logger } from '../logger.ts';
import { isPassing } from './passing-error.ts';

/** What a log says besides the error. */
export interface Circumstances {
  readonly requestId: string;
  readonly route?: string;
  /** Of a request that holds many orders. */
  readonly line?: number;
}

/** The problem that a caller gets to see for an error; what is not the caller's to know goes to the log only. */
export function problemOf(error: unknown, circumstances: Circumstances): Problem {
  const problem = visible(error, circumstances);
  const { code, status } = problem;
  if (status < 500) logger.info('request refused', { ...circumstances, code });
  else logger.error('request failed', { ...circumstances, code, error: error as Error });
  return problem;
}

function visible(error: unknown, { requestId }: Circumstances): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof BrokenJournalError) return new Problem('BROKEN_JOURNAL', error.message);
  if (error instanceof Error && error.name === 'TooLargeError') {
    return new Problem('TOO_LARGE', error.message);
  }
  const where = `the log has the reason under request ${requestId}`;
  return new Problem(isPassing(error) ? 'UNAVAILABLE' : 'INTERNAL', where);
}
