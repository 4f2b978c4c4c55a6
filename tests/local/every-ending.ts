// `npm run endings`: whichever process of a local stack gets whichever signal, while native code runs in a function:
// two seconds later none is left. Takes one minute on a quiet machine, five on a busy one, and so is not in the gate; tests/local/ending.test.ts has a part of it.
import { setTimeout as pause } from 'node:timers/promises';
import { alive, type Process, processTree } from './processes.ts';
import { npmStart, type RunningStack, startProcess, workspace } from './running-stack.ts';
import { until } from './until.ts';

const WITHIN_MS = 2000;

interface Case {
  /** What the command line of the process holds. */
  readonly to: string;
  readonly signal: NodeJS.Signals;
  /** A process that has stopped answering before. */
  readonly hanging?: string;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const;
const OWN = ['launch.js', 'start.ts', 'embedded/process.ts'];

const CASES: readonly Case[] = [
  ...OWN.flatMap((to) => SIGNALS.map((signal) => ({ to, signal }))),
  // npm and a shell that get SIGINT alone wait for their child, and go on: a terminal sends it to all of them.
  ...['npm start', 'sh -c'].flatMap((to) =>
    (['SIGTERM', 'SIGHUP', 'SIGKILL'] as const).map((signal) => ({ to, signal })),
  ),
  { to: 'launch.js', signal: 'SIGTERM', hanging: 'start.ts' },
  { to: 'launch.js', signal: 'SIGKILL', hanging: 'embedded/process.ts' },
  { to: 'start.ts', signal: 'SIGKILL', hanging: 'embedded/process.ts' },
];

let failed = 0;
for (const one of CASES) {
  const { left, milliseconds } = await play(one);
  if (left.length > 0) failed += 1;
  const { signal, to, hanging } = one;
  const name = `${signal} to ${to}${hanging === undefined ? '' : `, while ${hanging} hangs`}`;
  const names = left.map(({ command }) => command.slice(0, 60)).join('; ');
  console.log(
    `${left.length === 0 ? 'ok    ' : 'FAILED'} ${name}: ${names || `${milliseconds} ms`}`,
  );
}
console.log(`${CASES.length} endings, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function play({ to, signal, hanging }: Case) {
  const place = workspace();
  const byNpm = to === 'npm start' || to === 'sh -c';
  let tree: Process[] = [];
  try {
    const root = byNpm ? await readyByNpm(place) : await busy(startProcess(place));
    tree = processTree(root);
    if (hanging !== undefined) process.kill(pidOf(tree, hanging), 'SIGSTOP');
    const since = performance.now();
    process.kill(pidOf(tree, to), signal);
    while (alive(tree).length > 0 && performance.now() - since < WITHIN_MS) await pause(20);
    return { left: alive(tree), milliseconds: Math.round(performance.now() - since) };
  } finally {
    for (const { pid } of alive(tree)) process.kill(pid, 'SIGKILL');
    place.remove();
  }
}

/** A function of it is in native code that nothing but a kill ends. */
async function busy(stack: RunningStack): Promise<number> {
  await stack.ready();
  await stack.task('echo', { id: '1', end: 'native' });
  await until('the function is at work', async () => {
    const response = await fetch(`${stack.running().controlUrl}/instances`);
    const { functions } = (await response.json()) as { functions: { key: string; busy: number }[] };
    return functions.some(({ key, busy }) => key === 'echo' && busy === 1);
  });
  return stack.pid;
}

async function readyByNpm(place: ReturnType<typeof workspace>): Promise<number> {
  const npm = npmStart(place);
  await until('it is ready', () => npm.output().includes('is ready'), 60_000);
  return Number(npm.child.pid);
}

function pidOf(tree: readonly Process[], name: string): number {
  const found = tree.find(({ command }) => command.includes(name));
  if (found === undefined) throw new Error(`no ${name} in ${JSON.stringify(tree)}`);
  return found.pid;
}
