import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { visible } from '../../../src/cli/visible-text.ts';
import { isEmbeddedMetrics } from '../monitoring/embedded-metrics.ts';

const MOST_BYTES = 20 * 1024 * 1024;

/**
 * What functions write, each line under the name of its function, in one file; on request also in the terminal, but for
 * metrics. A file that cannot be written is no reason to end: it is reported, once, and what is written then is lost.
 */
export class FunctionLogs {
  readonly #file: WriteStream;
  readonly #show: boolean;

  constructor(path: string, show: boolean, report: (problem: string) => void) {
    mkdirSync(dirname(path), { recursive: true });
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > MOST_BYTES) renameSync(path, `${path}.old`);
    this.#file = createWriteStream(path, { flags: 'a' });
    this.#file.once('error', (error) => report(`no longer written to ${path}: ${error.message}`));
    // each write after the first failure fails as well
    this.#file.on('error', () => {});
    this.#show = show;
  }

  write(functionKey: string, text: string): void {
    const lines = text.split('\n').filter((line) => line.trim());
    const named = (some: string[]) => some.map((line) => `${functionKey} | ${line}\n`).join('');
    this.#file.write(named(lines));
    if (!this.#show) return;
    process.stdout.write(visible(named(lines.filter((line) => !isEmbeddedMetrics(line)))));
  }
}
