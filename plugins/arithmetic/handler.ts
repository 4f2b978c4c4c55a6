import { definePlugin, PermanentError } from 'batonflow/sdk';

const number = {
  parse(value: unknown): number {
    if (typeof value === 'number') return value;
    throw new PermanentError(
      'NOT_A_NUMBER',
      `the input is a number, not ${value === null ? 'null' : `of type ${typeof value}`}`,
    );
  },
};

/** Adds 2. */
export const a = definePlugin((input) => input + 2, { input: number });

/** Doubles. */
export const b = definePlugin((input) => input * 2, { input: number });
