import { type ChildProcess, execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment; default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** The command is killed after this time. */
  readonly seconds: number;
  /** Exit codes that count as success; default: 0. */
  readonly exitCodes?: readonly number[];
}

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command. @returns its standard output @throws with everything it printed, if it fails */
export async function run(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  return (await execute(command, args, options)).stdout;
}

/** Runs a command. @throws with everything it printed, if it fails */
export function execute(
  command: string,
  args: readonly string[],
  { seconds, exitCodes = [0], ...options }: CommandOptions,
): Promise<Printed> {
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      { ...options, timeout: seconds * 1000, killSignal: 'SIGKILL', maxBuffer: 2 ** 28 },
      (error, stdout, stderr) => {
        const isExit = typeof error?.code === 'number';
        if (!error || (isExit && exitCodes.includes(Number(error.code))))
          return resolve({ stdout, stderr });
        const why = error.killed ? `took longer than ${seconds} s` : `ended with ${error.code}`;
        const name = [path.basename(command), ...args].join(' ');
        return reject(new Error(`${name} ${why}\n${stdout}${stderr}`.trimEnd()));
      },
    );
  });
}

/** Runs this project's `serverless` command (osls) in the folder of a service. @returns everything it printed */
export async function serverless(
  folder: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const osls = path.join(PROJECT, 'node_modules/serverless/bin/serverless.js');
  const { stdout, stderr } = await execute(process.execPath, [osls, ...args], {
    cwd: folder,
    env: { ...process.env, ...environment, NODE_OPTIONS: '', FORCE_COLOR: '0' },
    seconds: 900,
  });
  return stdout + stderr;
}

/** A server that this process started. */
export class Server {
  readonly #child: ChildProcess;
  readonly #name: string;
  #log = '';

  constructor(
    name: string,
    command: string,
    args: readonly string[],
    { cwd, env }: Pick<CommandOptions, 'cwd' | 'env'>,
  ) {
    this.#name = name;
    this.#child = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
    const add = (text: Buffer) => {
      this.#log += text;
    };
    this.#child.stdout?.on('data', add);
    this.#child.stderr?.on('data', add);
    this.#child.on('error', (error) => {
      this.#log += `${error.message}\n`;
    });
  }

  /** Everything it printed so far. */
  get log(): string {
    return this.#log;
  }

  get ended(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null;
  }

  /** Calls `ready` every tenth of a second until it gives a value. @throws with the log, if the server ends before that, or takes longer */
  async until<Ready>(seconds: number, ready: () => Promise<Ready | undefined>): Promise<Ready> {
    const deadline = performance.now() + seconds * 1000;
    while (performance.now() < deadline && !this.ended) {
      const value = await ready();
      if (value !== undefined) return value;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const why = this.ended ? 'ended' : `was not ready after ${seconds} s`;
    await this.stop();
    throw new Error(`${this.#name} ${why}\n${this.#log}`);
  }

  /** Asks the server to end; kills it after ten seconds. */
  async stop(): Promise<void> {
    if (this.ended) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(force);
  }
}
