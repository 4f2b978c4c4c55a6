import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { SYSTEM_NAME_RULE } from '../../infra/core/system-name.ts';
import {
  type RunningStack,
  refusal,
  startProcess,
  type Workspace,
  workspace,
} from './running-stack.ts';

jest.setTimeout(480_000);

let place: Workspace;
let stacks: RunningStack[];
beforeEach(() => {
  place = workspace();
  stacks = [];
});
afterEach(async () => {
  for (const stack of stacks) await stack.signal('SIGKILL');
  place.remove();
});

async function ready(flags: string[] = []): Promise<RunningStack> {
  const stack = startProcess(place, flags);
  stacks.push(stack);
  await stack.ready();
  return stack;
}

const services = () => ['--core', place.core, '--plugins', place.plugins, '--port', '0'];

/** Everything below the workspace. */
const tree = () => readdirSync(place.folder, { recursive: true }).map(String).sort();

// Was: `system-name=` wiped the data of all systems, and `system-name=..` the folder around it, a repository in its time.
// Now: names are checked before anything is touched, and a folder is emptied only when Baton's mark is in it.
it.each(['', '..'])('refuses the system name %p before anything is touched', async (name) => {
  mkdirSync(join(place.folder, '.baton/alpha'), { recursive: true });
  writeFileSync(join(place.folder, '.baton/alpha/stacks.json'), '{}');
  const before = tree();
  const flags = [...services(), '--param', `system-name=${name}`, '--reset'];
  expect(await refusal(place.folder, flags)).toContain(SYSTEM_NAME_RULE);
  expect(tree()).toEqual(before);
});

it('refuses a parameter that no service has, which would mean the system called baton', async () => {
  mkdirSync(join(place.folder, '.baton/baton'), { recursive: true });
  writeFileSync(join(place.folder, '.baton/baton/baton-data.json'), '{}');
  const before = tree();
  const flags = [...services(), '--param', 'sytem-name=beta', '--reset'];
  expect(await refusal(place.folder, flags)).toBe(
    'baton: --param: no service has a parameter called sytem-name; did you mean system-name?',
  );
  expect(tree()).toEqual(before);
});

it.each(['--data', '--plugins'])('refuses an empty folder name after %s', async (flag) => {
  const flags = [...services(), '--reset', flag, ''];
  expect(await refusal(place.folder, flags)).toContain('A folder has a name.');
});

it.each(['.', '..'])('resets no folder that is not its own: %p', async (data) => {
  const before = tree();
  const flags = [...services(), '--param', 'system-name=mini', '--data', data, '--reset'];
  expect(await refusal(place.core, flags)).toMatch(
    /^baton: The folder .* is not Baton's: it holds .* It is left as it is;/,
  );
  expect(tree()).toEqual(before);
});

it('forgets what it knew, and leaves what others put beside it', async () => {
  const first = await ready();
  await first.task('echo', { id: '1', say: 'hello' });
  await first.says('echo: 1 instance');
  await first.signal('SIGTERM');
  cpSync(join(place.core, 'handlers.ts'), join(place.data, 'mine.ts'));

  const second = await ready(['--reset']);
  expect(await second.items()).toEqual({ 'plugin echo': 'Create' });
  expect(readFileSync(join(place.data, 'mine.ts'), 'utf8')).toContain('export');
});

// Was: a suspended system did not answer, was taken to be gone, and was wiped.
// Now: the lock is the operating system's.
it('is refused beside a running system, and a suspended one, which go on', async () => {
  const stack = await ready();
  const flags = [...services(), '--param', 'system-name=mini', '--data', place.data, '--reset'];
  for (const signal of [undefined, 'SIGSTOP'] as const) {
    if (signal) void stack.signal(signal);
    expect(await refusal(place.folder, flags)).toMatch(
      /^baton: The data folder .* is in use by another run \(process \d+\); stop it, or choose another/,
    );
  }
  void stack.signal('SIGCONT');
  expect(await stack.items()).toEqual({ 'plugin echo': 'Create' });
});
