import { RefusedError, UnreachableError } from '../../client/errors.ts';

/** Whether nobody knows if what was asked for was done: no answer has come, or one that says that Baton is unwell. */
export function isUnanswered(error: unknown): boolean {
  return (
    error instanceof UnreachableError || (error instanceof RefusedError && error.status >= 500)
  );
}
