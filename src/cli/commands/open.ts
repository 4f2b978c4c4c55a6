import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { browserCommand, consoleAddress } from '../open-browser.ts';

/** `baton open` */
export const addOpen: AddCommand = (program, setExitCode) => {
  program
    .command('open')
    .description('open the web console, with the token that this command uses')
    .option('--print', 'print the address instead of opening a browser')
    .action(
      action(setExitCode, async ({ api, terminal }, { print }: { print?: boolean }) => {
        const { token } = program.opts<{ token?: string }>();
        const address = consoleAddress(api.url, token);
        const opened = print !== true && !terminal.json && (await opens(address));
        terminal.result({ url: address }, () =>
          opened ? `the console is at ${consoleAddress(api.url, undefined)}` : address,
        );
        return undefined;
      }),
    );
};

/** Whether there is a browser to be started. What becomes of it is its own matter. */
async function opens(address: string): Promise<boolean> {
  const [command, ...args] = browserCommand(address, process.platform, process.env) ?? [];
  if (command === undefined) return false;
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  const started = await once(child, 'spawn').then(
    () => true,
    () => false,
  );
  child.unref();
  return started;
}
