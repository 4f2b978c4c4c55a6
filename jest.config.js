/** @type {import('jest').Config} */
export default {
  rootDir: '.',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  testEnvironment: 'node',
  // Jest's own five seconds are too few for honest work on a busy machine.
  testTimeout: 60_000,
  // one more than Jest's own choice: many tests wait for a queue or a process
  maxWorkers: '100%',
  globalSetup: '<rootDir>/tests/packages/make-folder.js',
  globalTeardown: '<rootDir>/tests/packages/remove-folder.js',
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
