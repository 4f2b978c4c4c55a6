import Sequencer from '@jest/test-sequencer';
import { SECONDS } from './slow-files.js';

/** Begins the test files that take longest first, so that no worker is left waiting for another's long one. */
export default class LongestFirst extends Sequencer {
  /** In milliseconds: as this machine has measured it, as listed, or guessed from the file's size. */
  time(test) {
    const { path, context } = test;
    const [, name] = /tests\/(.*)\.test\.ts$/.exec(path.replaceAll('\\', '/')) ?? [];
    const listed = SECONDS[name];
    if (listed !== undefined) return super.time(test) ?? listed * 1000;
    return super.time(test) ?? (context.hasteFS.getSize(path) ?? 0) / 10;
  }
}
