/** A rate is that of the last seconds, so that a system that slows down or wakes up shows. */
const WINDOW_MS = 10_000;

/** Before so much time, a rate would be a guess. */
const SHORTEST_MS = 1000;

/** How fast a piece of work goes on. */
export class Pace {
  readonly #seen: { readonly done: number; readonly atMs: number }[] = [];

  /** @param done how much is done @param nowMs of a clock that never goes back @returns undefined as long as it cannot be told */
  perSecond(done: number, nowMs: number): number | undefined {
    this.#seen.push({ done, atMs: nowMs });
    while (this.#seen.length > 2 && nowMs - this.#seen[1]!.atMs >= WINDOW_MS) this.#seen.shift();
    const [first] = this.#seen;
    const ms = nowMs - first!.atMs;
    return ms < SHORTEST_MS ? undefined : ((done - first!.done) * 1000) / ms;
  }
}
