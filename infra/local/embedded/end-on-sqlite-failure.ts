import type { Persistence } from './fauxqs-internals.ts';
import type { StoreFailed } from './store-failure.ts';

/**
 * fauxqs answers a call whose write failed with a 500, and goes on with messages in memory that the file does not have.
 * Here the first failure of SQLite is reported; afterwards every call fails.
 */
export function endOnSqliteFailure(
  persistence: Persistence,
  file: string,
  failed: StoreFailed,
): void {
  const methods = persistence as unknown as Record<string, (...given: unknown[]) => unknown>;
  let failure: Error | undefined;
  for (const name of methodNames(persistence)) {
    const call = methods[name]?.bind(persistence);
    methods[name] = (...given) => {
      if (failure) throw failure;
      try {
        return call?.(...given);
      } catch (error) {
        if (!isSqliteError(error)) throw error;
        // a transaction comes here twice: once for what failed in it
        if (!failure) failed(`SQLite error: ${file}: ${error.message}`);
        failure = error;
        throw error;
      }
    };
  }
}

/** Closing may fail without harm: nothing is written any more that anyone waits for. */
function methodNames(persistence: Persistence): string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(persistence)).filter(
    (name) => name !== 'constructor' && name !== 'close',
  );
}

function isSqliteError(error: unknown): error is Error {
  return (error as { code?: unknown }).code === 'ERR_SQLITE_ERROR';
}
