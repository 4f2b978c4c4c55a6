import { expect } from 'expect';
import { bind } from 'jest-each';

type Declare = (title: string, body: () => unknown) => void;

/** Mocha has its own as globals, new ones for each run. */
const mocha = globalThis as unknown as { readonly describe: Declare; readonly it: Declare };

const describe: Declare = (title, body) => mocha.describe(title, body);

const it = Object.assign(((title, body) => mocha.it(title, body)) as Declare, {
  each: bind((title: string, body: () => unknown) => mocha.it(title, body)),
});

export { describe, expect, it };
