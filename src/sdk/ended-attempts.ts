/** Far more than lines that one instance has at the same time. */
const MOST = 1000;

const SHORTEST_SECONDS = 2;
const LONGEST_SECONDS = 60;

/**
 * The attempts that this instance has brought to an end and answered, the latest of them. While the core is behind with its messages, it
 * still takes them for open: whoever performed them for that reason would do the work again with each delivery.
 */
export class EndedAttempts {
  /** By token: after how many seconds the core is asked. */
  readonly #seconds = new Map<string, number>();

  /** @returns the seconds in which the core should have heard of it */
  add(token: string): number {
    this.#keep(token, SHORTEST_SECONDS);
    return SHORTEST_SECONDS;
  }

  /** @returns the seconds until the core is worth asking again: 4, 8 … 60; `undefined` for an attempt that has not ended here */
  secondsUntilHeard(token: string): number | undefined {
    const before = this.#seconds.get(token);
    if (before === undefined) return undefined;
    const seconds = Math.min(LONGEST_SECONDS, 2 * before);
    this.#keep(token, seconds);
    return seconds;
  }

  #keep(token: string, seconds: number): void {
    this.#seconds.delete(token);
    this.#seconds.set(token, seconds);
    const [oldest] = this.#seconds.keys();
    if (this.#seconds.size > MOST && oldest !== undefined) this.#seconds.delete(oldest);
  }
}
