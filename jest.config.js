import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  rootDir: '.',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  testEnvironment: 'node',
  // Twice as many as there are cores: many tests wait for a queue or a process. (Jest takes '200%' for 200 workers.)
  maxWorkers: 2 * availableParallelism(),
  // Only what hangs takes so long, even on a machine that does much else.
  testTimeout: 240_000,
  testSequencer: '<rootDir>/tests/longest-first.js',
  globalSetup: '<rootDir>/tests/packages/make-folder.js',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  // Anchored: the copies in .mutation run tests of their own.
  modulePathIgnorePatterns: [
    '/\\.esbuild/',
    '/\\.serverless/',
    '/\\.baton/',
    '<rootDir>/\\.mutation/',
    '<rootDir>/dist/',
  ],
};
