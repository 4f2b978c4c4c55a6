import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HandlerAnswer } from './ask-handler.ts';
import { askHandler } from './ask-handler.ts';
import type { Service, ServiceFunction } from './plugin-service.ts';
import { unzip } from './unzip.ts';

/** What the packaged handlers of a service's plugins say of themselves, by the function's key. */
export type PackageAnswers = ReadonlyMap<string, HandlerAnswer>;

/** Asks each plugin's function, as packaged. Functions that are not of Node, or not packaged here, say nothing. */
export async function askPackages(service: Service, serviceDir: string): Promise<PackageAnswers> {
  const answers = new Map<string, HandlerAnswer>();
  const plugins = Object.entries(service.functions).filter(([, one]) => isOfNode(one, service));
  for (const [key, declared] of plugins) {
    const { handler, package: own } = declared;
    const artifact = own?.artifact ?? service.package?.artifact;
    if (handler === undefined || artifact === undefined) continue;
    const file = path.resolve(serviceDir, artifact);
    const answer = await inFolder(serviceDir, async (folder) => {
      await unzip(file, folder);
      // Node asks the nearest one of what kind the files are: not the service's, which is not in the package.
      const manifest = path.join(folder, 'package.json');
      if (!existsSync(manifest)) await writeFile(manifest, '{}');
      return askHandler(folder, handler, textsOf(service, declared));
    });
    answers.set(key, answer);
  }
  return answers;
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
