import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder } from '../../infra/temporary-folder.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const START = fileURLToPath(new URL('../../infra/local/launch.js', import.meta.url));
const LOOK_EVERY_MS = 50;
const STOP_WITHIN_MS = 3000;
const LAST_LINES = 15;

/** A Baton of the demo's own, on free ports, with a data folder that is removed afterwards. */
export class Stack {
  readonly #folder = makeTemporaryFolder('demo');
  readonly #log = join(this.#folder, 'stack.log');
  readonly #data = join(this.#folder, 'data');
  readonly #child: ChildProcess;

  /**
   * @param flags of `npm start`, besides the port and the data folder
   * @param environment variables besides those of this process
   */
  constructor(flags: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) {
    const log = openSync(this.#log, 'w');
    // In a process group of its own, Ctrl-C reaches only the demo, which then stops the stack in good order.
    const given = ['--port', '0', '--data', this.#data, ...flags];
    this.#child = spawn(process.execPath, [START, ...given], {
      cwd: REPOSITORY,
      env: { ...process.env, ...environment },
      stdio: ['ignore', log, log],
      detached: true,
    });
  }

  /** Waits until the API responds. @returns its address @throws if the stack ends before that, with its last words */
  async ready(): Promise<string> {
    for (;;) {
      if (this.#hasEnded) {
        throw new Error(`the local stack did not start:\n${this.lastWords()}`);
      }
      const url = this.#running()?.apiUrl;
      if (url !== undefined && (await responds(url))) return url;
      await pause(LOOK_EVERY_MS);
    }
  }

  /** The address at which the stack says how many instances each function has. */
  get controlUrl(): string | undefined {
    return this.#running()?.controlUrl;
  }

  /** The process in which the functions run. */
  get pid(): number | undefined {
    return this.#running()?.pid;
  }

  /** The file with the settings of the workers of a plugin that runs in a container. */
  workerSettings(plugin: string): string {
    return join(this.#data, 'workers', `${plugin}.json`);
  }

  /** The end of what the stack printed. */
  lastWords(): string {
    return readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  }

  /** Ends all processes of the stack and removes its files. */
  async stop(): Promise<void> {
    if (!this.#hasEnded) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      const late = setTimeout(() => this.#signalGroup('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(late);
    }
    // The stack's child processes may take a moment longer, and still write files.
    const until = performance.now() + STOP_WITHIN_MS;
    while (this.#signalGroup('SIGKILL') && performance.now() < until) await pause(LOOK_EVERY_MS);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** @returns whether a process was left to get the signal */
  #signalGroup(signal: 'SIGKILL'): boolean {
    const { pid } = this.#child;
    if (pid === undefined) return false;
    try {
      return process.kill(-pid, signal);
    } catch {
      return false;
    }
  }

  /** The stack writes its addresses to this file; that of its API only once all services are deployed. */
  #running():
    | { readonly pid: number; readonly apiUrl?: string; readonly controlUrl: string }
    | undefined {
    try {
      return JSON.parse(readFileSync(join(this.#data, 'running.json'), 'utf8'));
    } catch {
      return undefined;
    }
  }
}

async function responds(url: string): Promise<boolean> {
  try {
    // With --auth it asks for a token.
    const { status } = await fetch(`${url}/status`, { signal: AbortSignal.timeout(5000) });
    return status === 200 || status === 401;
  } catch {
    return false;
  }
}
