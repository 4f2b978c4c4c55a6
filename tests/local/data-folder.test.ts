import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataFolder, type DataFolderClaim } from '../../infra/local/data/data-folder.ts';
import { DATA_FORMAT } from '../../infra/local/data/folder-marker.ts';

const FOLDER_LOCK = fileURLToPath(
  new URL('../../infra/local/data/folder-lock.ts', import.meta.url),
);

let place: string;
let path: string;
let claimed: DataFolder[];
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'baton-data-'));
  path = join(place, 'data');
  claimed = [];
});
afterEach(() => {
  for (const folder of claimed) folder.release();
  rmSync(place, { recursive: true, force: true });
});

async function claim(given: Partial<DataFolderClaim> = {}): Promise<DataFolder> {
  const folder = await DataFolder.claim(path, {
    ...{ system: 'mini', defaultAccountId: '000000000000', reset: false },
    ...given,
  });
  claimed.push(folder);
  return folder;
}

/** Claims it once, with some data in it, and lets it go. */
async function used(): Promise<void> {
  const folder = await claim();
  writeFileSync(folder.file('stacks.json'), '{"stacks":{}}');
  mkdirSync(folder.file('tables'));
  writeFileSync(join(folder.file('tables'), 'CURRENT'), '');
  folder.release();
  claimed = [];
}

const files = () => readdirSync(path).sort();

describe('whose folder it is', () => {
  it('is made for its owner alone, and marked', async () => {
    const { marker } = await claim();
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(marker).toEqual({
      ...{ system: 'mini', region: 'us-east-1', accountId: '000000000000' },
      format: DATA_FORMAT,
    });
    expect(files()).toContain('baton-data.json');
  });

  it('becomes its owner’s alone when it is there and empty', async () => {
    mkdirSync(path, { mode: 0o755 });
    await claim();
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it.each([true, false])('is refused with files of others in it (reset: %p)', async (reset) => {
    mkdirSync(join(path, 'logs'), { recursive: true, mode: 0o755 });
    writeFileSync(join(path, 'thesis.txt'), 'years of work');
    await expect(claim({ reset })).rejects.toThrow(
      `The folder ${path} is not Baton's: it holds logs and 1 more, and no baton-data.json. It is left as it is;`,
    );
    expect(files()).toEqual(['logs', 'thesis.txt']);
    expect(statSync(path).mode & 0o777).toBe(0o755);
  });

  it('is refused when it is a file', async () => {
    writeFileSync(path, 'mine');
    await expect(claim({ reset: true })).rejects.toThrow('is not a folder but a file');
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it.each([
    ['system', { system: 'other' }, 'belongs to the system mini, not to other'],
    ['region', { region: 'eu-west-1' }, 'belongs to the region us-east-1, not to eu-west-1'],
    ['account', { accountId: '123456789012' }, 'belongs to the account 000000000000'],
  ])('is refused to another %s', async (_, other, message) => {
    await used();
    await expect(claim(other)).rejects.toThrow(message);
  });

  it.each([
    ['an earlier', undefined],
    ['a later', DATA_FORMAT + 1],
  ])(
    'is refused when it holds the data of %s version, until it is reset',
    async (version, format) => {
      await used();
      const file = join(path, 'baton-data.json');
      const { format: _, ...marker } = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(file, JSON.stringify({ ...marker, format }));
      await expect(claim()).rejects.toThrow(`holds data of ${version} version of Baton`);
      expect(existsSync(join(path, 'stacks.json'))).toBe(true);
      await claim({ reset: true });
      expect(existsSync(join(path, 'stacks.json'))).toBe(false);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ format: DATA_FORMAT });
    },
  );

  it('keeps its region and account where none are given', async () => {
    const first = await claim({ region: 'eu-west-1', accountId: '123456789012' });
    first.release();
    claimed = [];
    const { marker } = await claim();
    expect(marker).toMatchObject({ region: 'eu-west-1', accountId: '123456789012' });
  });

  it('is taken when an earlier start was cut short before it was marked', async () => {
    mkdirSync(path);
    for (const name of ['start.lock', 'baton-data.json.next']) writeFileSync(join(path, name), '');
    await expect(claim()).resolves.toBeInstanceOf(DataFolder);
  });

  it.each(['', '{', '[]', '{"system":"mini"}', 'ELF'])(
    'is refused when its mark is damaged: %p',
    async (text) => {
      await used();
      writeFileSync(join(path, 'baton-data.json'), text);
      await expect(claim({ reset: true })).rejects.toThrow(
        `${join(path, 'baton-data.json')}, which says whose data this is, is damaged;`,
      );
      expect(files()).toContain('stacks.json');
    },
  );
});

describe('reset', () => {
  it('removes Baton’s own files and nothing else', async () => {
    await used();
    writeFileSync(join(path, 'notes.txt'), 'mine');
    mkdirSync(join(path, 'backup'));
    await claim({ reset: true });
    expect(files()).toEqual([
      ...['backup', 'baton-data.json', 'embedded.lock', 'notes.txt', 'start.lock'],
    ]);
  });

  it('removes links and leaves alone what they lead to', async () => {
    await used();
    const precious = join(place, 'precious');
    mkdirSync(precious);
    writeFileSync(join(precious, 'photo.jpg'), 'mine');
    rmSync(join(path, 'tables'), { recursive: true });
    symlinkSync(precious, join(path, 'tables'));
    symlinkSync(join(precious, 'photo.jpg'), join(path, 'alarms.json'));
    await claim({ reset: true });
    expect(files()).not.toContain('tables');
    expect(readdirSync(precious)).toEqual(['photo.jpg']);
  });

  it('begins with the region of the new start', async () => {
    await used();
    expect((await claim({ reset: true, region: 'eu-west-1' })).marker.region).toBe('eu-west-1');
  });

  it('touches nothing of another system', async () => {
    await used();
    await expect(claim({ system: 'other', reset: true })).rejects.toThrow('system mini');
    expect(files()).toContain('stacks.json');
  });
});

describe('while it is in use', () => {
  /** Holds a lock in a process of its own. */
  async function holder(lock: string) {
    const script = `import { FolderLock } from ${JSON.stringify(FOLDER_LOCK)};
      FolderLock.take(process.argv[1]); console.log('held'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, join(path, lock)]);
    await once(child.stdout, 'data');
    return child;
  }

  // Was: a suspended system did not answer, was taken to be gone, and --reset wiped it.
  // Now: the lock is the operating system's, and is held until the process is gone.
  it.each(['start.lock', 'embedded.lock'])(
    'is not reset beside a suspended process that holds %s, and is after its end',
    async (lock) => {
      await used();
      const child = await holder(lock);
      child.kill('SIGSTOP');
      await expect(claim({ reset: true })).rejects.toThrow(`${path} is in use by another run`);
      expect(existsSync(join(path, 'stacks.json'))).toBe(true);
      child.kill('SIGKILL');
      await once(child, 'close');
      await claim({ reset: true });
      expect(existsSync(join(path, 'stacks.json'))).toBe(false);
    },
  );

  it('names the process that has it', async () => {
    const first = await claim();
    first.announce({ pid: 4711, controlUrl: 'http://127.0.0.1:1/secret' });
    await expect(claim()).rejects.toThrow('in use by another run (process 4711); stop it, or');
  });

  it('tells nobody else where the system is', async () => {
    const folder = await claim();
    folder.announce({ pid: 4711, controlUrl: 'http://127.0.0.1:1/secret' });
    expect(statSync(folder.file('running.json')).mode & 0o777).toBe(0o600);
  });
});
