import { type ChildProcess, spawn } from 'node:child_process';
import type { Answer } from './evaluation.ts';
import {
  type BoundSource,
  type EvaluationRequest,
  type EvaluationResponse,
  READY,
} from './sandbox-messages.ts';
import { sandboxProgram } from './sandbox-program.ts';
import type { Limits } from './watchdog.ts';

/** How a sandbox ended in the middle of a request. */
export interface SandboxEnd {
  /** `unknown`: somebody ended the process, or something that nobody thought of did. */
  readonly cause: 'time' | 'memory' | 'unknown';
  /** The index of the expression that was being evaluated; `undefined` when none had begun. */
  readonly during: number | undefined;
}

/** The sandbox cannot be started. */
class SandboxUnavailableError extends Error {
  override readonly name = 'SandboxUnavailableError';
}

interface Referable {
  ref?(): void;
  unref?(): void;
}

/** How much of what a sandbox writes is kept: enough for the last words of Node. Characters. */
const WORDS_KEPT = 4096;

/**
 * A process that evaluates expressions, one request at a time, until an expression ends it.
 *
 * A process and not a worker thread: a thread's `resourceLimits` do not stop one huge allocation inside a native function
 * (`$pad`, `$join`, `$string`), which ends the whole process with SIGABRT. In a process of its own that harms nobody.
 *
 * Lambda allows it: a function may have 1,024 processes and threads, and those that still run when an invocation has ended
 * are frozen with it and go on with the next.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export class SandboxProcess {
  readonly #child: ChildProcess;
  /** What the process has written of late, to tell why it ended. */
  #words = '';
  #requests = 0;
  #alive = true;

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#words = (this.#words + text).slice(-WORDS_KEPT);
      });
    }
    child.once('exit', () => {
      this.#alive = false;
    });
  }

  /** Starts a process. It keeps nobody from ending: it is `unref`ed whenever nobody waits for it. @throws {SandboxUnavailableError} */
  static async start(limits: Limits, heapMegabytes: number): Promise<SandboxProcess> {
    const child = spawn(
      process.execPath,
      [`--max-old-space-size=${heapMegabytes}`, '--input-type=module', '-'],
      // No environment: what an expression cannot see, it cannot give away. And no NODE_OPTIONS of ours.
      { env: {}, serialization: 'advanced', stdio: ['pipe', 'pipe', 'pipe', 'ipc'] },
    );
    const sandbox = new SandboxProcess(child);
    try {
      const ready = sandbox.#message();
      // A process that ends before it has read its program says so by its end.
      child.stdin?.on('error', () => {}).end(sandboxProgram());
      child.send({ limits }, () => {});
      if ((await ready) !== READY) throw new Error(sandbox.#words.trim() || 'it ended at once');
    } catch (error) {
      child.kill('SIGKILL');
      const reason = (error as Error).message;
      throw new SandboxUnavailableError(`the process for expressions does not start: ${reason}`);
    }
    return sandbox;
  }

  get alive(): boolean {
    return this.#alive && this.#child.connected;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The values of the expressions, in order; or how the sandbox ended instead. One request at a time. */
  async evaluate(
    scope: string,
    expressions: readonly BoundSource[],
  ): Promise<readonly Answer[] | SandboxEnd> {
    this.#requests += 1;
    const request: EvaluationRequest = { id: this.#requests, scope, expressions };
    const response = this.#message();
    this.#child.send(request, () => {});
    const answered = (await response) as EvaluationResponse | undefined;
    return answered?.answers ?? this.#end();
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  /** The next message of the process, or `undefined` when it has ended. Meanwhile this process stays for it. */
  async #message(): Promise<unknown> {
    const child = this.#child;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const ended = () => resolve(undefined);
    child.once('message', resolve).once('close', ended).once('error', reject);
    this.#setRef(true);
    try {
      if (!this.#alive) return undefined;
      return await promise;
    } finally {
      child.off('message', resolve).off('close', ended).off('error', reject);
      this.#setRef(false);
    }
  }

  #setRef(holds: boolean): void {
    const { stdout, stderr, channel } = this.#child;
    // They are sockets, and the type of a stream does not say so.
    const handles = [this.#child, stdout, stderr, channel] as (Referable | null | undefined)[];
    for (const handle of handles) {
      if (holds) handle?.ref?.();
      else handle?.unref?.();
    }
  }

  #end(): SandboxEnd {
    const words = this.#words.split('\n');
    const begun = words.findLast((word) => word.startsWith(`${this.#requests}.`));
    const during = begun === undefined ? undefined : Number(begun.split('.')[1]);
    return { cause: this.#cause(words), during };
  }

  #cause(words: readonly string[]): SandboxEnd['cause'] {
    if (words.includes('time')) return 'time';
    // Node aborts when its heap is full: https://nodejs.org/api/process.html#exit-codes
    const { signalCode, exitCode } = this.#child;
    const aborted = signalCode === 'SIGABRT' || exitCode === 134;
    return words.includes('memory') || aborted ? 'memory' : 'unknown';
  }
}
