import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LocalError } from '../local-error.ts';
import { FolderLock } from './folder-lock.ts';
import { DATA_FORMAT, type FolderMarker, markerText, readMarker } from './folder-marker.ts';
import { isOlderThanMarker, LOCKS, MARKER, type OwnFile, RESET_NAMES } from './own-files.ts';
import { replaceFile } from './replace-file.ts';

/** Where a running stack can be reached; written to `running.json` in its data folder. */
export interface RunningStack {
  pid: number;
  /** Holds the secret of the control server. */
  controlUrl: string;
  apiUrl?: string;
  endpoints?: Record<string, string>;
}

export interface DataFolderClaim {
  system: string;
  /** Undefined: as recorded, else us-east-1. */
  region?: string | undefined;
  /** Undefined: as recorded, else `defaultAccountId`. */
  accountId?: string | undefined;
  defaultAccountId: string;
  /** Whether all data is to be forgotten first. */
  reset: boolean;
}

const DEFAULT_REGION = 'us-east-1';

/** How long the embedded services of a run that was killed may take to end. */
const EMBEDDED_END_MS = 3000;

const OTHERS = 'choose another with --data DIR or --param system-name=NAME' as const;

/** The folder that holds everything of one system, and the claim on it: one process has it at a time. */
export class DataFolder {
  readonly path: string;
  /** The system, region and account that the data belongs to. */
  readonly marker: FolderMarker;
  readonly #lock: FolderLock;

  private constructor(path: string, marker: FolderMarker, lock: FolderLock) {
    this.path = path;
    this.marker = marker;
    this.#lock = lock;
  }

  /**
   * Makes the folder if need be, locks it, and on request empties it. Nothing is touched before it is certain that the folder is
   * empty or Baton's own.
   *
   * @throws {LocalError} when it is someone else's, belongs to another system, region or account, or is in use
   */
  static async claim(path: string, claim: DataFolderClaim): Promise<DataFolder> {
    refuseForeign(path, claim);
    keepToOwner(path);
    const lock = FolderLock.take(join(path, LOCKS.start));
    if (!lock) throw inUse(path);
    try {
      const earlier = refuseForeign(path, claim);
      // of a run that was killed
      rmSync(join(path, 'running.json' satisfies OwnFile), { force: true });
      if (claim.reset) await reset(path);
      const recorded = claim.reset ? undefined : earlier;
      const marker = belongings(path, claim, recorded);
      // also proves that the folder can be written
      replaceFile(join(path, MARKER), markerText(marker));
      return new DataFolder(path, marker, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** What functions write. */
  get functionLog(): string {
    return join(this.file('logs'), 'functions.log');
  }

  file(name: OwnFile): string {
    return join(this.path, name);
  }

  announce(running: RunningStack): void {
    replaceFile(this.file('running.json'), `${JSON.stringify(running, null, 2)}\n`);
  }

  release(): void {
    rmSync(this.file('running.json'), { force: true });
    this.#lock.release();
  }
}

/** @returns what the folder's marker says, if it has one. @throws {LocalError} */
function refuseForeign(path: string, { system }: DataFolderClaim): FolderMarker | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  if (!stat.isDirectory())
    throw new LocalError(`The data folder ${path} is not a folder but a file; ${OTHERS}.`);
  const marker = readMarker(join(path, MARKER));
  if (marker && marker.system !== system)
    throw new LocalError(
      `The data folder ${path} belongs to the system ${marker.system}, not to ${system}; ${OTHERS}.`,
    );
  if (marker) return marker;
  const [first, ...more] = readdirSync(path).filter((name) => !isOlderThanMarker(name));
  if (first === undefined) return undefined;
  const files = more.length ? `${first} and ${more.length} more` : first;
  throw new LocalError(
    `The folder ${path} is not Baton's: it holds ${files}, and no ${MARKER}. It is left as it is; ${OTHERS}.`,
  );
}

function keepToOwner(path: string): void {
  makeFolder(path);
  if (process.platform !== 'win32' && statSync(path).mode & 0o077) chmodSync(path, 0o700);
}

/** Node's own recursive way never ends in a file system such as /proc, which says ENOENT for every new folder. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/** What lies in the folder besides Baton's own files stays; links are removed, not followed. */
async function reset(path: string): Promise<void> {
  const embedded = await FolderLock.takeWithin(join(path, LOCKS.embedded), EMBEDDED_END_MS);
  if (!embedded) throw inUse(path);
  try {
    for (const name of RESET_NAMES) rmSync(join(path, name), { recursive: true, force: true });
  } finally {
    embedded.release();
  }
}

/** @throws {LocalError} when region or account are not those that are recorded, or the data is not of this version */
function belongings(
  path: string,
  { system, region, accountId, defaultAccountId }: DataFolderClaim,
  recorded: FolderMarker | undefined,
): FolderMarker {
  const of = (what: string, asked: string | undefined, had: string | undefined) => {
    if (asked !== undefined && had !== undefined && asked !== had)
      throw new LocalError(
        `The data folder ${path} belongs to the ${what} ${had}, not to ${asked}; ${OTHERS}.`,
      );
    return asked ?? had;
  };
  if (recorded !== undefined && recorded.format !== DATA_FORMAT)
    throw new LocalError(
      `The data folder ${path} holds data of ${recorded.format < DATA_FORMAT ? 'an earlier' : 'a later'} version of Baton, which this one cannot read; start with --reset to forget it, or ${OTHERS}.`,
    );
  return {
    system,
    format: DATA_FORMAT,
    region: of('region', region, recorded?.region) ?? DEFAULT_REGION,
    accountId: of('account', accountId, recorded?.accountId) ?? defaultAccountId,
  };
}

function inUse(path: string): LocalError {
  let process = '';
  try {
    process = ` (process ${JSON.parse(readFileSync(join(path, 'running.json'), 'utf8')).pid})`;
  } catch {
    // it has only just started, or its file is damaged
  }
  return new LocalError(
    `The data folder ${path} is in use by another run${process}; stop it, or ${OTHERS}.`,
  );
}
