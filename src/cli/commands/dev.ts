import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { AddCommand } from '../command.ts';
import { checkTools, IS_PACKAGE, OWN_FOLDER } from '../own-package.ts';

const LAUNCH = fileURLToPath(new URL('../../../infra/local/launch.js', import.meta.url));

/** `baton dev` */
export const addDev: AddCommand = (program) => {
  program
    .command('dev')
    .description('run Baton on this machine, with the plugins of this folder')
    .argument('[options...]', 'see baton dev --help')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (given: readonly string[]) => {
      checkTools();
      const here = process.cwd();
      const core = IS_PACKAGE ? ['--core', await coreFolder(here)] : [];
      process.argv = [process.execPath, LAUNCH, ...core, ...servicesHere(here, given), ...given];
      await import(pathToFileURL(LAUNCH).href);
    });
};

async function coreFolder(base: string): Promise<string> {
  const { unpackCore } = await import('../../../infra/deploy/core-folder.ts');
  return unpackCore(OWN_FOLDER, base);
}

/**
 * Options that name the services of the folder: those under its `plugins/`, or else in its subfolders, and the folder itself if it is one.
 * In Baton's own repository they are the local stack's defaults.
 */
export function servicesHere(folder: string, given: readonly string[]): readonly string[] {
  if (path.resolve(folder) === path.resolve(OWN_FOLDER)) return [];
  const says = (option: string) =>
    given.some((one) => one === option || one.startsWith(`${option}=`));
  const hasPlugins = existsSync(path.join(folder, 'plugins'));
  return [
    ...(says('--plugins') ? [] : ['--plugins', hasPlugins ? 'plugins' : '.']),
    ...(existsSync(path.join(folder, 'serverless.yml')) ? ['--with=.'] : []),
  ];
}
