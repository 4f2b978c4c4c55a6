import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Makes an empty folder in the system's temporary folder, which is removed when this process exits. A process that is killed leaves its
 * folder; the next process that makes one for the same purpose removes it.
 * @param purpose a part of its name: letters
 */
export function makeTemporaryFolder(purpose: string): string {
  removeOrphans(purpose);
  const folder = mkdtempSync(path.join(tmpdir(), `baton-${purpose}-${process.pid}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Removes the folders whose processes are no more. */
function removeOrphans(purpose: string): void {
  const name = new RegExp(`^baton-${purpose}-(\\d+)-\\w{6}$`);
  for (const entry of readdirSync(tmpdir())) {
    const pid = name.exec(entry)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    try {
      rmSync(path.join(tmpdir(), entry), { recursive: true, force: true });
    } catch {
      // Another user's: it is for them to remove it.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
