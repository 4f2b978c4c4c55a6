import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const REPOSITORY = path.resolve(import.meta.dirname, '../../..');

/** A command has ended long before, unless it hangs. */
const LONGEST_MS = 180_000;

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Somebody's terminal in a folder: what a command exports, the next ones have. `npx` is a short cut to the command and the Node of this
 * repository, because its own start takes longer than the commands.
 */
export class Terminal {
  readonly #folder: string;
  readonly #bin: string;
  readonly #variables: string;

  /** @param bin a folder of programs that go before all others */
  constructor(folder: string, bin: string) {
    this.#folder = folder;
    this.#bin = bin;
    this.#variables = path.join(folder, '.variables');
  }

  run(command: string): Promise<Outcome> {
    const script = `set -a; [ -f "$VARIABLES" ] && . "$VARIABLES"; set -o pipefail
${command}
code=$?; export -p > "$VARIABLES"; exit $code`;
    const env = {
      ...process.env,
      ...{ PATH: `${this.#bin}:${process.env.PATH}`, VARIABLES: this.#variables },
      ...{ NODE_OPTIONS: '', NO_COLOR: '1' },
    };
    const options = { cwd: this.#folder, env, timeout: LONGEST_MS, maxBuffer: 2 ** 26 };
    return new Promise((resolve) => {
      execFile('bash', ['-c', script], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, stdout, stderr });
      });
    });
  }
}

/** `npm start` in another terminal. */
export class RunningBaton {
  readonly #child;
  log = '';

  /** @param flags those of the page, with a port of our own */
  constructor(folder: string, flags: readonly string[]) {
    const launch = path.join(REPOSITORY, 'infra/local/launch.js');
    this.#child = spawn(process.execPath, [launch, ...flags], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.log += text;
      });
    }
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null;
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return;
    this.#child.kill();
    await once(this.#child, 'close');
  }
}
