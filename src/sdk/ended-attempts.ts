/** Far more than lines that one instance has at the same time. */
const MOST = 1000;

/**
 * The attempts that this instance has brought to an end and answered, by their tokens: the latest of them. While the core is behind with its
 * messages, it still takes them for open: whoever performed them for that reason would do the work again with each delivery.
 */
export class EndedAttempts {
  readonly #tokens = new Set<string>();

  add(token: string): void {
    this.#tokens.add(token);
    const [oldest] = this.#tokens;
    if (this.#tokens.size > MOST && oldest !== undefined) this.#tokens.delete(oldest);
  }

  has(token: string): boolean {
    return this.#tokens.has(token);
  }
}
