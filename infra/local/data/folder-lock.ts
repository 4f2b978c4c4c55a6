import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { LocalError } from '../local-error.ts';

/** SQLite's codes: https://sqlite.org/rescode.html */
const BUSY = 5;

const LOOK_AGAIN_MS = 50;

/** A database that nobody refers to is closed by the garbage collection, and its lock with it. */
const held = new Set<FolderLock>();

/**
 * A lock that the operating system holds for this process, on a file that SQLite locks for us: Node itself has no flock.
 * It is there as long as the process is, running or suspended, and gone with it, however it ends.
 */
export class FolderLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    held.add(this);
  }

  /** Undefined when another process holds it. */
  static take(file: string): FolderLock | undefined {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(file);
      // no journal file beside it
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      return new FolderLock(database);
    } catch (error) {
      database?.close();
      const { errcode, message } = error as Error & { errcode?: number };
      if (errcode === BUSY) return undefined;
      throw new LocalError(
        `${file}, which locks the data folder, cannot be used (${message}); make the folder writable, or remove that file.`,
      );
    }
  }

  /** Gives a holder that is about to end the time to do so. */
  static async takeWithin(file: string, milliseconds: number): Promise<FolderLock | undefined> {
    const until = performance.now() + milliseconds;
    for (;;) {
      const lock = FolderLock.take(file);
      if (lock || performance.now() > until) return lock;
      await pause(LOOK_AGAIN_MS);
    }
  }

  release(): void {
    held.delete(this);
    this.#database.close();
  }
}
