import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LocalError } from '../local-error.ts';
import { CONFIGURATION_FILE } from './load-service.ts';
import { stamp } from './watch-files.ts';

export interface ServiceFolders {
  /** The folder whose subfolders with a serverless.yml are services. */
  pluginsFolder: string;
  /** Services that lie elsewhere. */
  extra: string[];
}

/** Fails with one line when there is no such folder: all plugins would then have gone, and be deregistered. */
export function checkPluginsFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found?.isDirectory())
    throw new LocalError(
      `--plugins ${folder}: ${found ? 'that is no folder' : 'there is no such folder'}.`,
    );
}

/** Fails with one line when a folder that was given on the command line is no service. */
export function checkExtraFolders(folders: string[]): void {
  for (const folder of folders)
    if (!isService(folder))
      throw new LocalError(
        `--with ${folder}: ${existsSync(folder) ? `there is no ${CONFIGURATION_FILE} in that folder` : 'there is no such folder'}.`,
      );
}

/** All folders that hold a service now, in order. */
export function serviceFolders({ pluginsFolder, extra }: ServiceFolders): string[] {
  const plugins = existsSync(pluginsFolder)
    ? readdirSync(pluginsFolder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
        .map(({ name }) => join(pluginsFolder, name))
        .sort()
    : [];
  const folders = [...plugins, ...extra.map((folder) => resolve(folder))];
  return [...new Set(folders)].filter(isService);
}

/** Whether there is a service in the folder: one that is being taken away loses its files before it is gone. */
export function isService(folder: string): boolean {
  return existsSync(join(folder, CONFIGURATION_FILE));
}

/** Changes whenever the service may have to be deployed again. */
export function fingerprint(folder: string): string {
  return stamp(join(folder, CONFIGURATION_FILE));
}

/** Changes whenever any file at the top of the folder does: what failed to deploy may succeed then. */
export function broadFingerprint(folder: string): string {
  try {
    return readdirSync(folder)
      .map((name) => `${name} ${stamp(join(folder, name))}`)
      .join('\n');
  } catch {
    return '';
  }
}
