import { access, glob } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import type { Api } from '../api.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { allPages } from '../pages.ts';
import { compileService } from '../plugins-diff/compile-service.ts';
import type { Registered } from '../plugins-diff/differences.ts';
import { differencesOf } from '../plugins-diff/differences.ts';
import { drawDifferences } from '../plugins-diff/draw-differences.ts';
import type { PluginView } from '../responses.ts';
import { storedWorkflows } from '../stored-workflows.ts';

interface DiffOptions {
  readonly stage?: string;
  readonly param: readonly string[];
}

/** `baton plugins diff` */
export const addPluginsDiff: AddCommand = (plugins: Command, setExitCode) => {
  plugins
    .command('diff')
    .description('show which workflows a deployment would change')
    .argument('[folder...]', "plugins' services (default: those under plugins/, or this folder)")
    .option(
      '-s, --stage <stage>',
      'stage to deploy to (default: dev; local for an API on this machine)',
    )
    .option(
      '--param <name=value>',
      'a parameter of the deployment; may be given several times',
      collect,
      [],
    )
    .action(
      action(
        setExitCode,
        async ({ api, terminal }, options: DiffOptions, given: readonly string[]) => {
          const { stage = stageOf(api), param: params } = options;
          const folders = given.length > 0 ? given : await servicesHere();
          const [registered, workflows, ...services] = await Promise.all([
            allPages<'plugins', PluginView>(api, '/plugins', 'plugins'),
            storedWorkflows(api),
            ...folders.map(async (folder) => {
              await checkService(folder);
              return await compileService(folder, { stage, params });
            }),
          ]);
          // The response's optional fields may be undefined in its type only: JSON has no undefined.
          const known = registered.plugins as unknown as readonly Registered[];
          const differences = differencesOf(services, known, workflows);
          terminal.result(differences, () => drawDifferences(differences, terminal.paint));
          return differences.refused.length > 0 ? EXIT.refused : undefined;
        },
      ),
    );
};

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function stageOf({ url }: Api): string {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname) ? 'local' : 'dev';
}

async function servicesHere(): Promise<readonly string[]> {
  const folders: string[] = [];
  for await (const file of glob('plugins/*/serverless.yml')) folders.push(path.dirname(file));
  return folders.length > 0 ? folders.sort() : ['.'];
}

async function checkService(folder: string): Promise<void> {
  try {
    await access(path.join(folder, 'serverless.yml'));
  } catch {
    throw new UsageError(`${folder} has no serverless.yml`);
  }
}
