import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';

const MOST_BYTES = 20 * 1024 * 1024;

/** What functions write, each line under the name of its function, in one file; on request also in the terminal. */
export class FunctionLogs {
  readonly #file: WriteStream;
  readonly #show: boolean;

  constructor(path: string, show: boolean) {
    mkdirSync(dirname(path), { recursive: true });
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > MOST_BYTES) renameSync(path, `${path}.old`);
    this.#file = createWriteStream(path, { flags: 'a' });
    this.#show = show;
  }

  write(functionKey: string, text: string): void {
    const lines = text
      .split('\n')
      .filter((line) => line.trim())
      .map((line) => `${functionKey} | ${line}\n`)
      .join('');
    this.#file.write(lines);
    if (this.#show) process.stdout.write(lines);
  }
}
