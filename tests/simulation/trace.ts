import type { Instant } from '../../src/core/json.ts';

/** What happened in a world, line by line: its hash tells two runs apart, its lines tell a person what went on. */
export class Trace {
  #low = 0x811c9dc5;
  #high = 0x1b873593;
  lines = 0;
  readonly #start: Instant;
  readonly #tell: ((line: string) => void) | undefined;

  constructor(start: Instant, tell?: (line: string) => void) {
    this.#start = start;
    this.#tell = tell;
  }

  /** Whether somebody reads it. It must make no difference to what happens: only notes may depend on it. */
  get isTold(): boolean {
    return this.#tell !== undefined;
  }

  add(at: Instant, who: string, what: string): void {
    this.lines += 1;
    this.#mix(at);
    this.#mixText(who);
    this.#mixText(what);
    this.#line(at, who, what);
  }

  /** For people only: what the line says follows from what the hash holds already. */
  note(at: Instant, who: string, what: () => string): void {
    if (this.#tell !== undefined) this.#line(at, who, what());
  }

  #line(at: Instant, who: string, what: string): void {
    const seconds = ((at - this.#start) / 1000).toFixed(3).padStart(12);
    this.#tell?.(`${seconds} s  ${who.padEnd(16)} ${what}`);
  }

  get hash(): string {
    return [this.#high, this.#low]
      .map((half) => (half >>> 0).toString(16).padStart(8, '0'))
      .join('');
  }

  #mixText(text: string): void {
    for (let index = 0; index < text.length; index += 1) this.#mix(text.charCodeAt(index));
  }

  #mix(value: number): void {
    this.#low = Math.imul(this.#low ^ value, 0x01000193);
    this.#high = Math.imul(
      this.#high ^ (this.#low >>> 15) ^ Math.floor(value / 2 ** 32),
      0x85ebca6b,
    );
  }
}
