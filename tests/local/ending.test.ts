import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { alive, type Process, processTree } from './processes.ts';
import {
  npmStart,
  type RunningStack,
  startProcess,
  type Workspace,
  workspace,
} from './running-stack.ts';
import { until } from './until.ts';

jest.setTimeout(240_000);

/** Two seconds on a quiet machine. What hangs, hangs for ever, or for as long as native code takes: minutes. */
const WITHIN_MS = 30_000;

let place: Workspace;
let tree: Process[];

beforeEach(() => {
  place = workspace();
  tree = [];
});
afterEach(() => {
  for (const { pid } of alive(tree)) process.kill(pid, 'SIGKILL');
  place.remove();
});

/** Waits until nothing of the tree is left. @returns what is left in the end */
async function leftAfter(act: () => unknown): Promise<Process[]> {
  await act();
  const until = performance.now() + WITHIN_MS;
  while (alive(tree).length && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return alive(tree);
}

/** How long it takes until nothing of the tree is left. */
async function goneAfterMs(act: () => unknown): Promise<number> {
  const since = performance.now();
  expect(await leftAfter(act)).toEqual([]);
  return performance.now() - since;
}

const pidOf = (name: string) => {
  const found = tree.find(({ command }) => command.includes(name));
  if (!found) throw new Error(`no ${name} in ${JSON.stringify(tree)}`);
  return found.pid;
};

async function ready(flags: string[] = []): Promise<RunningStack> {
  const stack = startProcess(place, flags);
  await stack.ready();
  tree = processTree(stack.pid);
  return stack;
}

/** So busy that nothing but a kill ends it: an instance for each of these, which ends in the way that its name says. */
async function busy(...ends: string[]): Promise<RunningStack> {
  const stack = await ready();
  for (const end of ends) await stack.task('echo', { id: end, end });
  await until('the functions are at work', () => {
    const said = readFileSync(join(place.data, 'logs/functions.log'), 'utf8');
    return ends.every((end) => said.includes(`begins to ${end}`));
  });
  tree = processTree(stack.pid);
  return stack;
}

// Was: `process.exit` waited for the thread of a function in native code, for minutes; Ctrl-C, twice, did nothing.
// Now: the stack kills itself after 900 ms, and its supervisor the rest after 1500 ms.
describe('whatever functions do, it ends', () => {
  it.each([
    ['loop', 'SIGTERM'],
    ['never', 'SIGINT'],
  ] as const)('in a handler that does "%s", after %s, with code 0', async (what, signal) => {
    const stack = await busy(what);
    expect(await leftAfter(() => void stack.signal(signal))).toEqual([]);
    expect(await stack.ended).toBe(0);
  });

  it('child processes of functions end with it, beside native code, after SIGHUP', async () => {
    const stack = await busy('native', 'child process');
    await until('the child is there', () => {
      tree = processTree(stack.pid);
      return tree.some(({ command }) => command === 'sleep 1000');
    });
    expect(await leftAfter(() => void stack.signal('SIGHUP'))).toEqual([]);
    expect(await stack.ended).toBe(0);
  });

  it('in native code, after Ctrl-C, with code 0; sooner after a second one', async () => {
    const patient = await busy('native');
    const waitedMs = await goneAfterMs(() => void patient.signal('SIGINT'));
    expect(await patient.ended).toBe(0);
    // The stack gives itself so long to end in good order.
    expect(waitedMs).toBeGreaterThan(900);

    place.remove();
    place = workspace();
    const hurried = await busy('native');
    const hurriedMs = await goneAfterMs(async () => {
      void hurried.signal('SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 50));
      void hurried.signal('SIGINT');
    });
    expect(hurriedMs).toBeLessThan(waitedMs);
  });
});

/** `npm run endings` plays these and all others: each process, each signal, and each that hangs. */
describe('whichever process is killed, none is left', () => {
  it.each([
    ['SIGKILL', 'launch.js'],
    ['SIGTERM', 'start.ts'],
    ['SIGKILL', 'process.ts'],
  ] as const)('%s to %s, while native code runs in a function', async (signal, name) => {
    await busy('native');
    expect(await leftAfter(() => process.kill(pidOf(name), signal))).toEqual([]);
  });

  it.each([
    ['the stack', 'start.ts', 'launch.js', 'SIGTERM'],
    ['the embedded services', 'process.ts', 'launch.js', 'SIGKILL'],
    ['the embedded services', 'process.ts', 'start.ts', 'SIGKILL'],
  ] as const)('nor of %s that hang (%s), when %s gets %s', async (_name, hanging, name, signal) => {
    await ready();
    process.kill(pidOf(hanging), 'SIGSTOP');
    expect(await leftAfter(() => process.kill(pidOf(name), signal))).toEqual([]);
  });

  it('says in one line that the stack was killed, and goes on with everything at the next start', async () => {
    const killed = await busy('native');
    await killed.task('echo', { id: '2', say: 'later' });
    expect(await leftAfter(() => process.kill(pidOf('start.ts'), 'SIGKILL'))).toEqual([]);
    expect(await killed.ended).toBe(1);
    expect(killed.output()).toContain(
      'baton: the local stack was killed (SIGKILL); start again, nothing is lost\n',
    );
    const stack = await ready();
    await until(
      'esbuild is gone as soon as it has nothing to do',
      () => !processTree(stack.pid).some(({ command }) => command.includes('esbuild')),
    );
    await until('the second is done', async () => (await stack.items())['result 2']);
  });

  // Was: npm passed the signal on to its shell and to nobody else: node, the services and esbuild went on, every time.
  // Now: the supervisor sees that npm or its shell has gone.
  it.each([
    ['SIGTERM', 'npm'],
    ['SIGKILL', 'npm'],
  ] as const)('%s to %s of `npm start`', async (signal, name) => {
    const npm = npmStart(place);
    await until('it is ready', () => npm.output().includes('is ready'));
    tree = processTree(Number(npm.child.pid));
    expect(tree.length).toBeGreaterThanOrEqual(5);
    expect(await leftAfter(() => process.kill(pidOf(name), signal))).toEqual([]);
  });
});
