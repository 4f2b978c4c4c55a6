import type { AddCommand } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import { checkTools, IS_PACKAGE, OWN_FOLDER } from '../own-package.ts';

const WHAT = {
  deploy: "deploy Baton's core to AWS: baton deploy --stage dev",
  remove: "remove Baton's core from AWS: baton remove --stage dev",
} as const;

/** `baton deploy` */
export const addDeploy = commandOnCore('deploy');

/** `baton remove` */
export const addRemove = commandOnCore('remove');

function commandOnCore(command: keyof typeof WHAT): AddCommand {
  return (program, setExitCode) => {
    program
      .command(command)
      .description(WHAT[command])
      .argument('[options...]', 'options of the deployment tool, such as --region eu-west-1')
      .allowUnknownOption()
      .action(async (options: readonly string[]) => {
        setExitCode(await runOnCore([command, ...options]));
      });
  };
}

/** Runs a command of the deployment tool for the core. Its output is shown. */
async function runOnCore(args: readonly string[]): Promise<ExitCode> {
  checkTools();
  const { unpackCore } = await import('../../../infra/deploy/core-folder.ts');
  const { runServices } = await import('../../../infra/deploy/run-services.ts');
  const project = IS_PACKAGE ? await unpackCore(OWN_FOLDER, process.cwd()) : OWN_FOLDER;
  const code = await runServices(args, { project, plugins: [] });
  return code === 0 ? EXIT.ok : EXIT.refused;
}
