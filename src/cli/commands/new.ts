import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { UsageError } from '../errors.ts';
import type { Made } from '../new/plugin-folder.ts';

/** `baton new plugin NAME` */
export const addNew: AddCommand = (program, setExitCode) => {
  const made = program.command('new').description('make a plugin or a workflow');
  made
    .command('plugin')
    .description('make a folder with a plugin that can be tested, run and deployed')
    .argument('<name>', 'the name under which workflows know it')
    .action(
      action(setExitCode, async ({ terminal }, _: object, name: string) => {
        await checkPluginName(name);
        const { makePlugin } = await import('../new/plugin-folder.ts');
        const plugin = await makePlugin(name, process.cwd());
        terminal.result(plugin, () => pluginSteps(plugin, name));
        return undefined;
      }),
    );
};

/** Function, folder and service are called after the plugin, so that fewer names will do than a plugin may have. */
async function checkPluginName(name: string): Promise<void> {
  const { pluginNameSchema } = await import('../../contract/json.ts');
  const { error } = pluginNameSchema.safeParse(name);
  if (error !== undefined) throw new UsageError(`${name}: ${error.issues[0]?.message}`);
  if (/^[a-z][a-z0-9-]*[a-z0-9]$/.test(name)) return;
  throw new UsageError(
    `${name}: the name of a new plugin is also that of its folder and its service: small letters, digits and hyphens, at least two`,
  );
}

function pluginSteps({ folder, files, toInstall }: Made, name: string): string {
  const lines = [
    `made ${folder}: ${files.join(', ')}`,
    '',
    `  cd ${folder}`,
    ...(toInstall ? ['  npm install'] : []),
    '  npm test                            # without AWS and without Baton',
    '  npx baton dev                       # Baton on this machine, with this plugin; in another terminal:',
    `  npx baton submit --todo ${name} --input '{"name": "Ada"}' --wait`,
    '  npx serverless deploy --stage dev   # into the Baton of your AWS account (npx baton deploy --stage dev)',
  ];
  return lines.join('\n');
}
