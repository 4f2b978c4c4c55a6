import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** A command has ended long before, unless it hangs. */
const LONGEST_MS = 300_000;

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Somebody's terminal: what a command exports or sets, and the folder to which it changes, the next ones have. */
export class Terminal {
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #background: {
    readonly command: string;
    readonly child: ChildProcess;
    readonly outcome: Promise<Outcome>;
  }[] = [];

  /**
   * @param folder where it opens
   * @param memory a file for what the commands leave to the next ones
   */
  constructor(folder: string, memory: string, environment: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#environment = { ...process.env, ...environment, MEMORY: memory, NO_COLOR: '1' };
  }

  run(command: string): Promise<Outcome> {
    const options = { ...this.#options(), timeout: LONGEST_MS, maxBuffer: 2 ** 26 };
    return new Promise((resolve) => {
      execFile('bash', ['-c', script(command)], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, stdout, stderr });
      });
    });
  }

  /** Looks at what goes on until Ctrl-C, and presses that as soon as something has been printed. To be interrupted is no failure. */
  async runUntilPrinted(command: string): Promise<Outcome> {
    const child = this.#start(command);
    const outcome = printedBy(child);
    const timer = setTimeout(() => interrupt(child), LONGEST_MS);
    await Promise.race([once(child.stdout!, 'data'), once(child, 'close')]);
    if (child.exitCode === null) interrupt(child);
    const { code, ...printed } = await outcome;
    clearTimeout(timer);
    const hasPrinted = printed.stdout !== '';
    return { code: hasPrinted && code === 130 ? 0 : code, ...printed };
  }

  /** Goes on until the terminal closes. */
  runInBackground(command: string): void {
    const child = this.#start(command);
    this.#background.push({ command, child, outcome: printedBy(child) });
  }

  /** Ends what goes on. @returns what had ended before, with what it printed */
  async close(): Promise<readonly string[]> {
    const ended: string[] = [];
    for (const { command, child, outcome } of this.#background.splice(0)) {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      if (!hasEnded) interrupt(child);
      const { code, stdout, stderr } = await outcome;
      if (hasEnded) ended.push(`${command}\nIt has ended with ${code}: ${stdout}${stderr}`);
    }
    return ended;
  }

  #start(command: string): ChildProcess {
    return spawn('bash', ['-c', script(`exec ${command}`)], { ...this.#options(), detached: true });
  }

  #options() {
    return { cwd: this.#folder, env: { ...this.#environment, NODE_OPTIONS: '' } };
  }
}

/** Bash saves what the command has set and where it stands. */
const script = (
  command: string,
): string => `set -a; [ -f "$MEMORY" ] && . "$MEMORY"; set -o pipefail
${command}
code=$?; { export -p; printf 'cd %q\\n' "$PWD"; } > "$MEMORY"; exit $code`;

/** Ctrl-C reaches all that the command has started. */
function interrupt(child: ChildProcess): void {
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
}

async function printedBy(child: ChildProcess): Promise<Outcome> {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code: code ?? (signal === 'SIGINT' ? 130 : 1), ...said };
}

/** `npm start` in a terminal of its own. */
export class RunningBaton {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #log = '';

  /** @param launch infra/local/launch.js */
  constructor(launch: string, folder: string, flags: readonly string[]) {
    this.#child = spawn(process.execPath, [launch, ...flags], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
    });
    this.#closed = once(this.#child, 'close');
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#log += text;
      });
    }
  }

  get log(): string {
    return this.#log;
  }

  /** Waits until it says that it is ready, or ends. */
  async settled(): Promise<void> {
    let isOver = false;
    void this.#closed.then(() => {
      isOver = true;
    });
    const limit = setTimeout(() => this.#child.kill(), LONGEST_MS);
    while (!isOver && !/is ready[\s\S]*control/.test(this.#log)) {
      await Promise.race([once(this.#child.stdout!, 'data'), this.#closed]);
    }
    clearTimeout(limit);
  }

  async stop(): Promise<void> {
    this.#child.kill();
    await this.#closed;
  }
}

export const LAUNCH = path.resolve(import.meta.dirname, '../../../infra/local/launch.js');
