/**
 * What a store calls when it could not write or read: it must not be asked again. A log with a torn record in it loses
 * what is written after, although that was acknowledged.
 */
export type StoreFailed = (failure: string) => void;

/** For stores that run inside another program, a test say: an uncaught error. */
export const failUncaught: StoreFailed = (failure) =>
  queueMicrotask(() => {
    throw new Error(failure);
  });
