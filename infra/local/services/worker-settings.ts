import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StackRecord } from '../cloudformation/stack-record.ts';
import { replaceFile } from '../data/replace-file.ts';

/** The settings of one plugin's workers, as a file for `baton worker --settings`. */
export interface WorkerSettings {
  readonly plugin: string;
  readonly file: string;
}

/** Names of the parameters that infra/plugin-resources/container.ts writes. */
const NAME = /^\/baton\/[^/]+\/[^/]+\/workers\/([^/]+)$/;

/**
 * Writes the settings of a stack's workers, with the way to the stack's AWS services: those of a run, since ports change with each.
 * @param environment where that way stands
 */
export function writeWorkerSettings(
  { resources }: StackRecord,
  folder: string,
  environment: NodeJS.ProcessEnv,
): readonly WorkerSettings[] {
  const way = Object.fromEntries(
    Object.entries(environment).filter(([name]) => name.startsWith('AWS_')),
  );
  return Object.values(resources).flatMap(({ type, ref, attributes }) => {
    const plugin = type === 'AWS::SSM::Parameter' ? NAME.exec(ref)?.[1] : undefined;
    if (plugin === undefined) return [];
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${plugin}.json`);
    const settings = { ...way, ...JSON.parse(String(attributes.Value)) };
    replaceFile(file, `${JSON.stringify(settings, null, 2)}\n`);
    return [{ plugin, file }];
  });
}
