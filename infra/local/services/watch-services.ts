import {
  broadFingerprint,
  fingerprint,
  type ServiceFolders,
  serviceFolders,
} from './service-folders.ts';
import { lookRegularly } from './watch-files.ts';

export interface ServiceChanges {
  /** There is a new service, or its serverless.yml has changed. False: it could not be deployed. */
  deploy: (folder: string) => Promise<boolean>;
  /** The folder, or its serverless.yml, has gone. */
  remove: (folder: string) => Promise<void>;
}

interface Seen {
  /** At the last look: a change counts when it stands still for one look. */
  looked: string;
  /** When it was last deployed. */
  deployed?: string;
  /** When it could last not be deployed. */
  failed?: string;
}

/** Calls `changes`, one at a time, whenever a service appears, changes or disappears. `known` are deployed already. */
export function watchServices(
  folders: ServiceFolders,
  known: string[],
  changes: ServiceChanges,
): { stop: () => void } {
  const services = new Map<string, Seen>(
    known.map((folder) => [folder, { looked: '', deployed: fingerprint(folder) }]),
  );

  const lookAt = async (folder: string) => {
    const now = fingerprint(folder);
    const broad = broadFingerprint(folder);
    const seen = services.get(folder) ?? { looked: '' };
    services.set(folder, seen);
    const still = seen.looked === broad;
    seen.looked = broad;
    if (!still || seen.deployed === now || seen.failed === broad) return;
    if (await changes.deploy(folder)) {
      seen.deployed = now;
      delete seen.failed;
    } else seen.failed = broad;
  };

  return lookRegularly(async () => {
    const present = serviceFolders(folders);
    for (const folder of present) await lookAt(folder);
    for (const folder of [...services.keys()].filter((known) => !present.includes(known))) {
      const seen = services.get(folder);
      services.delete(folder);
      if (seen?.deployed) await changes.remove(folder);
    }
  });
}
