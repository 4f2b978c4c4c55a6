import { definePlugin, PermanentError } from 'batonflow/sdk';

/** Fails for good, with the message that it is given. */
export const refuse = definePlugin((input) => {
  throw new PermanentError('REFUSED', String((input as { message?: unknown } | null)?.message));
});

/** Does something that can be undone. */
export const book = definePlugin((input) => input, { compensate: () => undefined });

/** Does something that it cannot undo. */
export const pay = definePlugin((input) => input, {
  compensate: () => {
    throw new PermanentError('KEPT', 'the bank keeps the money');
  },
});
