/** In good order, that is: functions ended, the embedded services closed. Whatever hangs: all that matters is stored already. */
const STOP_MS = 900;

/** What a supervised stack tells its supervisor as soon as it begins to end: its exit code. */
export interface EndingMessage {
  ending: number;
}

/**
 * How this process ends. Begins by itself on SIGINT, SIGTERM, SIGHUP, when the supervisor asks for it or dies, and when
 * the terminal is gone; by hand with `begin`.
 *
 * `process.exit` waits for the threads of all workers, and native code of a function may keep a thread for minutes:
 * after STOP_MS this process kills itself.
 */
export class Ending {
  readonly #stop: () => Promise<void>;
  /** The supervisor has given us a process group of our own. */
  readonly #isSupervised = process.send !== undefined;
  #hasBegun = false;

  /** @param stop ends everything in good order; may hang or fail */
  constructor(stop: () => Promise<void>) {
    this.#stop = stop;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => void this.begin(0));
    process.on('message', () => void this.begin(0));
    process.on('disconnect', () => void this.begin(1));
    for (const stream of [process.stdout, process.stderr])
      stream.on('error', () => void this.begin(1));
    // it may have died while this process was loading
    if (this.#isSupervised && !process.connected) void this.begin(1);
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** The first call decides on the exit code. */
  async begin(code: number): Promise<void> {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    if (process.connected) process.send?.({ ending: code } satisfies EndingMessage);
    const late = setTimeout(() => this.#kill(), STOP_MS);
    await this.#stop().catch(() => {});
    clearTimeout(late);
    // what functions have started themselves is still there, and nobody else is to end it
    if (this.#isSupervised && !process.connected) this.#kill();
    process.exit(code);
  }

  #kill(): void {
    const hasGroup = this.#isSupervised && process.platform !== 'win32';
    process.kill(hasGroup ? -process.pid : process.pid, 'SIGKILL');
  }
}
