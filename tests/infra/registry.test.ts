import { expect, it } from '@jest/globals';
import { Registry } from '../../infra/npm-package/registry.ts';

const NOW = new Date('2026-11-27T10:00:00Z');
const WEEK_AGO = '2026-11-20T10:00:00.000Z';
const NO_VERSION = 'No matching version found for @aws-sdk/credential-provider-env@^3.972.86.';
const ETARGET = `npm install ended with 1
npm warn Unknown env config "nodedir".
npm error code ETARGET
npm error notarget ${NO_VERSION}
npm error notarget In most cases you or one of your dependencies are requesting a package version that doesn't exist.`;
const E404 = `npm install ended with 1
npm error code E404
npm error 404 Not Found - GET https://registry.example/a/-/a-1.0.0.tgz`;

interface Use {
  readonly before: string | undefined;
}

function registryOf() {
  const said: string[] = [];
  const uses: Use[] = [];
  const registry = new Registry(NOW, (line) => said.push(line));
  /** A command that fails so each time, in this order, and then succeeds. */
  const use = (...failures: string[]) =>
    registry.use(async ({ npm_config_before: before }) => {
      uses.push({ before });
      const failure = failures.shift();
      if (failure !== undefined) throw new Error(failure);
      return 'installed';
    });
  return { use, said, uses };
}

it('what installs is run once, with the versions of today', async () => {
  const { use, said, uses } = registryOf();
  await expect(use()).resolves.toBe('installed');
  expect(uses).toEqual([{ before: undefined }]);
  expect(said).toEqual([]);
});

it.each([
  ['a version that is not listed yet', ETARGET, NO_VERSION],
  ['a version that is listed, and not there yet', E404, 'Not Found - GET https://registry.example'],
])('%s: that command and later ones see the versions of a week ago', async (_, failure, why) => {
  const { use, said, uses } = registryOf();
  await expect(use(failure)).resolves.toBe('installed');
  await expect(use()).resolves.toBe('installed');
  expect(uses).toEqual([{ before: undefined }, { before: WEEK_AGO }, { before: WEEK_AGO }]);
  expect(said).toEqual([expect.stringContaining(why)]);
});

it.each([
  ['what fails for another reason', ['npm error code EACCES'], 'EACCES'],
  ['what only speaks of such an error', ['a test says: ETARGET'], 'a test says'],
  ['what was not complete a week ago either', [ETARGET, E404], 'E404'],
])('%s fails', async (_, failures, why) => {
  const { use } = registryOf();
  await expect(use(...failures)).rejects.toThrow(why);
});
