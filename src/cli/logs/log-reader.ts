import { createReadStream, statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** Reads a log that others write meanwhile: each time, the whole lines that it has not read yet. */
export class LogReader {
  readonly #file: string;
  #at = 0;
  #begun = '';
  #decoder = new StringDecoder();

  constructor(file: string) {
    this.#file = file;
  }

  /** A log that has become shorter is another one: it is read from its beginning. A log that does not exist has no lines. */
  async *lines(): AsyncGenerator<string, void> {
    const size = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
    if (size < this.#at) {
      this.#at = 0;
      this.#begun = '';
      this.#decoder = new StringDecoder();
    }
    if (size === this.#at) return;
    const range = { start: this.#at, end: size - 1 };
    this.#at = size;
    for await (const chunk of createReadStream(this.#file, range)) {
      const lines = (this.#begun + this.#decoder.write(chunk as Buffer)).split('\n');
      this.#begun = lines.pop() ?? '';
      yield* lines;
    }
  }
}
