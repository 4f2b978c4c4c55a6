import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compensationFault } from '../../src/sdk/compensation.ts';
import { askHandler } from './ask-handler.ts';
import type { Service, ServiceFunction } from './plugin-service.ts';
import { unzip } from './unzip.ts';

/** What the packages of a service say against its blocks. */
export interface CompensationCheck {
  /** Each would fail the plugin's first task. */
  readonly faults: readonly string[];
  /** What could not be checked, and why. */
  readonly unknown: readonly string[];
}

/**
 * Holds what each block says about undoing against what its function, as packaged, was defined with. Functions that are not of Node, or not
 * packaged here, are left to their first task.
 */
export async function checkCompensations(
  service: Service,
  serviceDir: string,
): Promise<CompensationCheck> {
  const faults: string[] = [];
  const unknown: string[] = [];
  const plugins = Object.entries(service.functions).filter(([, one]) => isOfNode(one, service));
  for (const [key, declared] of plugins) {
    const { handler, package: own } = declared;
    const artifact = own?.artifact ?? service.package?.artifact;
    if (handler === undefined || artifact === undefined) continue;
    const file = path.resolve(serviceDir, artifact);
    const compensates = declared.environment?.BATON_COMPENSATES === 'true';
    const answer = await inFolder(serviceDir, async (folder) => {
      await unzip(file, folder);
      // Node asks the nearest one of what kind the files are: not the service's, which is not in the package.
      const manifest = path.join(folder, 'package.json');
      if (!existsSync(manifest)) await writeFile(manifest, '{}');
      return askHandler(folder, handler, textsOf(service, declared));
    });
    if ('compensates' in answer) {
      const fault = compensationFault(compensates, answer.compensates);
      if (fault !== undefined) faults.push(`function "${key}": ${fault}`);
    } else if ('failed' in answer) {
      unknown.push(
        `function "${key}": whether it compensates, as its block ${compensates ? 'says' : 'does not say'}, is checked at its first task only: its package cannot be loaded here (${answer.failed})`,
      );
    }
  }
  return { faults, unknown };
}

function isOfNode({ baton, runtime, image }: ServiceFunction, { provider }: Service): boolean {
  if (baton === undefined || image !== undefined) return false;
  return (runtime ?? provider.runtime ?? 'nodejs').startsWith('nodejs');
}

/** Those of its variables that are plain text already. */
function textsOf({ provider }: Service, { environment }: ServiceFunction) {
  const all = Object.entries({ ...provider.environment, ...environment });
  return Object.fromEntries(
    all.filter((one): one is [string, string] => typeof one[1] === 'string'),
  );
}

/** Within the service, so that modules are found there which the runtime brings and the package does not. */
async function inFolder<T>(serviceDir: string, use: (folder: string) => Promise<T>): Promise<T> {
  const place = path.join(serviceDir, '.serverless');
  await mkdir(place, { recursive: true });
  const folder = await mkdtemp(path.join(place, 'check-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
