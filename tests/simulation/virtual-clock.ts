import type { Instant } from '../../src/core/json.ts';
import { EventHeap } from './event-heap.ts';

/** Time that passes only from one planned thing to the next, and never backwards. */
export class VirtualClock {
  readonly #heap = new EventHeap();
  #now: Instant;
  #sequence = 0;
  happened = 0;

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  /** What comes next, if anything. */
  next(): Instant | undefined {
    for (;;) {
      const first = this.#heap.peek();
      if (first?.isOff !== true) return first?.at;
      this.#heap.pop();
    }
  }

  /** Calls once, at the instant or now if it has gone by; the function that comes back calls it off. */
  at(instant: Instant, run: () => void): () => void {
    return this.#plan(instant, true, run);
  }

  /** As `at`, for what no promise waits for: nothing has to be given time to go on afterwards. */
  quietlyAt(instant: Instant, run: () => void): () => void {
    return this.#plan(instant, false, run);
  }

  #plan(instant: Instant, wakes: boolean, run: () => void): () => void {
    // A clock of the real world tells whole milliseconds.
    const at = Math.max(Math.ceil(instant), this.#now);
    const planned = { at, sequence: this.#sequence++, wakes, run, isOff: false };
    this.#heap.push(planned);
    return () => {
      planned.isOff = true;
    };
  }

  /** Goes to the next thing that is planned and lets everything happen that follows from it. @returns whether there was one. */
  async step(): Promise<boolean> {
    const next = this.#heap.pop();
    if (next === undefined) return false;
    if (next.isOff) return true;
    this.#now = next.at;
    this.happened += 1;
    next.run();
    // What waits for a promise goes on in microtasks; those are done when the next macrotask comes.
    if (next.wakes) await new Promise((resolve) => setImmediate(resolve));
    return true;
  }
}
