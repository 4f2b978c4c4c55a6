import { type ChildProcess, execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment; default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Killed when it takes longer. */
  readonly seconds: number;
  /** Exit codes that are no failure; default: 0 only. */
  readonly exitCodes?: readonly number[];
}

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command and answers with its standard output. @throws with all that it printed, if it fails */
export async function run(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  return (await execute(command, args, options)).stdout;
}

function execute(
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
        if (!error || exitCodes.includes(Number(error.code))) return resolve({ stdout, stderr });
        const why = error.killed ? `took longer than ${seconds} s` : `ended with ${error.code}`;
        const name = [path.basename(command), ...args].join(' ');
        return reject(new Error(`${name} ${why}\n${stdout}${stderr}`.trimEnd()));
      },
    );
  });
}

/** Runs osls, the `serverless` command, of this project, in the folder of a service, and answers with all that it printed. */
export async function serverless(
  folder: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const osls = path.join(PROJECT, 'node_modules/serverless/bin/serverless.js');
  const { stdout, stderr } = await execute(process.execPath, [osls, ...args], {
    cwd: folder,
    env: { ...process.env, ...environment, NODE_OPTIONS: '', FORCE_COLOR: '0' },
    seconds: 180,
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

  /** All that it printed. */
  get log(): string {
    return this.#log;
  }

  get ended(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null;
  }

  /** Asks every tenth of a second. @throws with its log, if it ends before, or takes longer */
  async until<Ready>(seconds: number, ready: () => Promise<Ready | undefined>): Promise<Ready> {
    const deadline = performance.now() + seconds * 1000;
    while (performance.now() < deadline && !this.ended) {
      const answer = await ready();
      if (answer !== undefined) return answer;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const why = this.ended ? 'ended' : `was not ready after ${seconds} s`;
    await this.stop();
    throw new Error(`${this.#name} ${why}\n${this.#log}`);
  }

  /** Ends it; after ten seconds for good. */
  async stop(): Promise<void> {
    if (this.ended) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(force);
  }
}
