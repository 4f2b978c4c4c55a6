import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { UsageError } from '../errors.ts';
import type { Kind, Made } from '../new/make-folder.ts';

const WHAT: Readonly<Record<Kind, string>> = {
  plugin: 'make a folder with a plugin that can be tested, run and deployed',
  workflow: 'make a folder with a workflow that can be tested, tried and stored',
};

/** `baton new plugin NAME` and `baton new workflow NAME` */
export const addNew: AddCommand = (program, setExitCode) => {
  const made = program.command('new').description('make a plugin or a workflow');
  for (const kind of ['plugin', 'workflow'] as const) {
    made
      .command(kind)
      .description(WHAT[kind])
      .argument('<name>', 'what it is to be called')
      .action(
        action(setExitCode, async ({ terminal }, _: object, name: string) => {
          await checkName(name);
          const { inClone, makeFolder } = await import('../new/make-folder.ts');
          const folder = await makeFolder(kind, name, process.cwd());
          const steps = folder.isInClone ? STEPS[kind](name).map(inClone) : STEPS[kind](name);
          const taken = folder.isInClone && kind === 'plugin' ? TAKEN : [];
          terminal.result(folder, () => nextSteps(folder, [...steps, ...taken]));
          return undefined;
        }),
      );
  }
};

/** Function, folder and service are called after a plugin, so that fewer names will do than a plugin or a workflow may have. */
async function checkName(name: string): Promise<void> {
  const { pluginNameSchema } = await import('../../contract/json.ts');
  const { error } = pluginNameSchema.safeParse(name);
  if (error !== undefined) throw new UsageError(`${name}: ${error.issues[0]?.message}`);
  if (/^[a-z][a-z0-9-]*[a-z0-9]$/.test(name)) return;
  throw new UsageError(
    `${name}: the name is also that of its folder, and of a service: small letters, digits and hyphens, at least two`,
  );
}

const STEPS: Readonly<Record<Kind, (name: string) => readonly string[]>> = {
  plugin: (name) => [
    'npm test                            # without AWS and without Baton',
    'npx baton dev                       # Baton on this machine, with this plugin; in another terminal:',
    `npx baton submit --todo ${name} --input '{"name": "Ada"}' --wait`,
    'npx serverless deploy --stage dev   # into the Baton of your AWS account (npx baton deploy --stage dev)',
  ],
  workflow: (name) => [
    'npm test                            # plays orders, without Baton and without plugins',
    `npx baton try ${name}.yml --input '{"name": "Ada"}'`,
    `npx baton workflows put ${name}.yml   # into a running Baton`,
  ],
};

/** The local stack watches the clone's folder of plugins. */
const TAKEN = ['', 'An `npm start` that runs in this clone takes the plugin by itself.'];

function nextSteps({ folder, files, toInstall }: Made, steps: readonly string[]): string {
  const all = [`cd ${folder}`, ...(toInstall ? ['npm install'] : []), ...steps];
  return [
    `made ${folder}: ${files.join(', ')}`,
    '',
    ...all.map((step) => `  ${step}`.trimEnd()),
  ].join('\n');
}
