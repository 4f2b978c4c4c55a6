import jestConfig from '../../../jest.config.js';

/** The tests in a browser are no part of `npm test`, which needs Node and npm only. */
/** @type {import('jest').Config} */
export default {
  ...jestConfig,
  rootDir: '../../..',
  testMatch: ['<rootDir>/tests/console/browser/*.browser.ts'],
};
