import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Baton } from '../../../src/client/index.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** A machine that does much else besides starts it ten times as slowly. */
const STARTS_WITHIN_MS = 240_000;

export const ARITHMETIC = path.join(REPOSITORY, 'plugins/arithmetic');
/** Trips: `approve` asks a desk and leaves its task open; what was booked is undone. */
export const TRAVEL = path.join(REPOSITORY, 'plugins/travel');

/** A whole Baton on this machine with the given plugin services, which may be changed while it runs. */
export class ConsoleStack {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'baton-console-'));
  readonly #child: ChildProcess;
  #output = '';

  private constructor(plugins: readonly string[], flags: readonly string[]) {
    const services = path.join(this.folder, 'plugins');
    mkdirSync(services);
    for (const service of plugins) {
      cpSync(service, path.join(services, path.basename(service)), { recursive: true });
    }
    symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(this.folder, 'node_modules'));
    this.#child = spawn(
      process.execPath,
      [
        path.join(REPOSITORY, 'infra/local/launch.js'),
        ...['--port', '0', '--plugins', services, '--data', path.join(this.folder, 'data')],
        ...flags,
      ],
      { cwd: REPOSITORY, env: { ...process.env, NODE_OPTIONS: '' } },
    );
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
  }

  /** @param plugins folders of services; they are copied */
  static async start(
    plugins: readonly string[] = [ARITHMETIC],
    flags: readonly string[] = [],
  ): Promise<ConsoleStack> {
    const stack = new ConsoleStack(plugins, flags);
    await stack.says('is ready', STARTS_WITHIN_MS);
    return stack;
  }

  get url(): string {
    const file = path.join(this.folder, 'data/running.json');
    return (JSON.parse(readFileSync(file, 'utf8')) as { apiUrl: string }).apiUrl;
  }

  /** An operator's, where the stack asks for one. */
  get token(): string {
    return /BATON_TOKEN\s+(\S+)/.exec(this.#output)?.[1] ?? '';
  }

  get baton(): Baton {
    return new Baton({ url: this.url, token: this.token });
  }

  async says(text: string, withinMs = STARTS_WITHIN_MS, from = 0): Promise<void> {
    const until = performance.now() + withinMs;
    while (!this.#output.includes(text, from)) {
      if (this.#child.exitCode !== null || performance.now() > until) {
        throw new Error(`it does not say "${text}":\n${this.#output}`);
      }
      await pause(100);
    }
  }

  /** Does something, and waits until the stack says so: what it has said before does not count. */
  async saysAfter(text: string, act: () => void): Promise<void> {
    const from = this.#output.length;
    act();
    await this.says(text, STARTS_WITHIN_MS, from);
  }

  async stop(): Promise<void> {
    this.#child.kill();
    if (this.#child.exitCode === null) await once(this.#child, 'close');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
