import { styleText } from 'node:util';
import { visible } from '../../src/cli/visible-text.ts';

/** A line that repeats within this time is counted, not shown. */
const REPEAT_MS = 5000;

/** The lines of the terminal. What they tell of plugins is text from outside. */
export class Terminal {
  readonly #repeats = new Map<string, number>();
  readonly #since = performance.now();

  /** A fact, under the name of the plugin or service it is about. */
  say(subject: string, text: string): void {
    console.log(`${this.#clock()} ${styleText('cyan', visible(subject))}: ${visible(text)}`);
  }

  /**
   * Something that went wrong and that the stack survives.
   * @param which one of several cases of the same; the others are counted, not shown
   */
  problem(subject: string, text: string, which?: string): void {
    const line = `${styleText('yellow', visible(subject))}: ${visible(text)}`;
    const seen = this.#repeats.get(line);
    if (seen !== undefined) {
      this.#repeats.set(line, seen + 1);
      return;
    }
    const shown = which === undefined ? line : `${line} ${styleText('dim', `(${visible(which)})`)}`;
    console.log(`${this.#clock()} ${shown}`);
    this.#repeats.set(line, 0);
    setTimeout(() => {
      const repeats = this.#repeats.get(line);
      this.#repeats.delete(line);
      if (repeats) console.log(`${this.#clock()} ${line} (${repeats} more in 5 seconds)`);
    }, REPEAT_MS).unref();
  }

  /** The end: nothing works before somebody does something. */
  fail(text: string): void {
    console.error(`${styleText('red', 'baton:')} ${text}`);
  }

  #clock(): string {
    const seconds = (performance.now() - this.#since) / 1000;
    return styleText('dim', `${seconds.toFixed(1).padStart(6)}s`);
  }
}
