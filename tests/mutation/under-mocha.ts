/**
 * Lets mocha run tests that were written for jest: `@jest/globals` is answered by what mocha has. StrykerJS then loads them once
 * for all mutants; jest would start anew for each, which takes twenty times as long.
 */
import { registerHooks } from 'node:module';

const globals = new URL('./jest-globals.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : next(specifier, context),
});
