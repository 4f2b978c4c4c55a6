import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const FIXTURE = fileURLToPath(new URL('./fixture/', import.meta.url));

/** A fresh folder with the fixture's core and plugins, and the data of the system. */
export function workspace() {
  const folder = mkdtempSync(join(tmpdir(), 'baton-local-'));
  cpSync(FIXTURE, folder, { recursive: true });
  return {
    folder,
    core: join(folder, 'core'),
    plugins: join(folder, 'plugins'),
    data: join(folder, 'data'),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export type Workspace = ReturnType<typeof workspace>;

/** `npm start` as a process of its own, for the fixture's core and plugins. */
export function startProcess(place: Workspace, flags: string[] = [], environment = {}) {
  const child = launch(
    [
      ...['--core', place.core, '--plugins', place.plugins, '--data', place.data],
      ...['--param', 'system-name=mini', '--port', '0', '--idle-seconds', '1', ...flags],
    ],
    { environment },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));

  // A machine that does much else besides starts it ten times as slowly.
  const ready = async (withinMs = 240_000) => {
    await until(
      `the stack is ready:\n${output}`,
      () => output.includes('is ready') || child.exitCode !== null,
      withinMs,
    );
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${output}`);
  };
  const running = (): { apiUrl: string; controlUrl: string; endpoints: Record<string, string> } =>
    JSON.parse(readFileSync(join(place.data, 'running.json'), 'utf8'));

  return {
    /** Of the outermost process. */
    pid: Number(child.pid),
    ready,
    running,
    output: () => output,
    ended,
    signal: (signal: NodeJS.Signals) => {
      child.kill(signal);
      return ended;
    },
    task: (plugin: string, body: object) =>
      fetch(`${running().apiUrl}/tasks/${plugin}`, { method: 'POST', body: JSON.stringify(body) }),
    items: async () =>
      (await (await fetch(`${running().apiUrl}/items`)).json()) as Record<string, string>,
    says: (text: string | RegExp) =>
      until(`it says ${text}, but:\n${output}`, () =>
        typeof text === 'string' ? output.includes(text) : text.test(output),
      ),
  };
}

export type RunningStack = ReturnType<typeof startProcess>;

/** `npm start`, in a process group of its own, as a terminal makes it. */
export function npmStart(place: Workspace): { child: ChildProcess; output: () => string } {
  const flags = ['--core', place.core, '--plugins', place.plugins, '--data', place.data];
  const child = spawn(
    'npm',
    ['start', '--', ...flags, '--param', 'system-name=mini', '--port', '0'],
    {
      cwd: REPOSITORY,
      env: { ...process.env, NODE_OPTIONS: '' },
      detached: true,
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text;
    });
  return { child, output: () => output };
}

function launch(args: string[], { cwd = REPOSITORY, environment = {} } = {}) {
  return spawn(process.execPath, [join(REPOSITORY, 'infra/local/launch.js'), ...args], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
  });
}

/** What `npm start` says in `cwd` when it does not start. @throws {Error} when it does start, or ends in another way */
export async function refusal(cwd: string, args: string[], environment = {}): Promise<string> {
  const child = launch(args, { cwd, environment });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('is ready')) child.kill();
    });
  const [code] = await once(child, 'close');
  const lines = output.trim().split('\n');
  if (code !== 1 || lines.length !== 1)
    throw new Error(`it ended with ${code} and said: ${output}`);
  return output.trim();
}
