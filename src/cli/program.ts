import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { addersOf } from './commands.ts';
import { CliError, UsageError } from './errors.ts';
import type { ExitCode } from './exit-codes.ts';
import { EXIT } from './exit-codes.ts';
import { VERSION } from './own-package.ts';
import { openTerminal } from './terminal.ts';

const EXIT_CODES = `
Exit codes:
  0    done
  1    something was refused or failed: a request, a row, an order
  2    the command line is wrong
  3    the API cannot be reached
  4    unknown order, workflow or client
  5    --wait took longer than --timeout
  130  interrupted, by Ctrl-C or another signal`;

/**
 * The command with its subcommands. @param setExitCode gets what the subcommand that ran has come to @param only a subcommand: if there is
 * one of this name, the others are left out
 */
export async function makeProgram(
  setExitCode: (code: ExitCode) => void,
  only?: string,
): Promise<Command> {
  const program = new Command('baton')
    .description('Sends orders to Baton and shows what becomes of them.')
    .version(VERSION, '-V', 'print the version, as --version does')
    .addOption(
      new Option('--api <url>', 'address of the API')
        .env('BATON_API')
        .default('http://localhost:3000')
        .argParser(readAddress),
    )
    .addOption(new Option('--token <token>', 'bearer token').env('BATON_TOKEN'))
    .option('--json', 'print one JSON document on stdout, and nothing else', false)
    .option('--no-color', 'no colours; NO_COLOR does the same')
    .addHelpText('after', EXIT_CODES)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(see baton --help)')
    .exitOverride();
  for (const add of await addersOf(only)) add(program, setExitCode);
  return program.hook('preAction', (_, command) => refuseEmpty(command));
}

/** Runs the whole command. @param args without the program's name @returns the exit code for the shell */
export async function runBaton(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = await makeProgram((code) => {
    exitCode = code;
  }, args[0]);
  try {
    // Not the option's second name: `workflows get --version 3` has an option of that name.
    const given = args[0] === '--version' ? ['-V'] : args;
    await program.parseAsync(given, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (!(error instanceof CliError)) throw error;
    const terminal = openTerminal(program.opts<{ json: boolean; color: boolean }>());
    if (terminal.json) terminal.result(error, () => '');
    terminal.complain(error.message);
    return error.exitCode;
  }
}

/** An argument that is empty is a variable of the shell that nobody has set, and would ask for something else than was meant. */
function refuseEmpty({ args, registeredArguments }: Command): void {
  const empty = registeredArguments.find((_, index) => args[index] === '');
  if (empty !== undefined) throw new UsageError(`the argument ${empty.name()} is empty`);
}

function readAddress(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new InvalidArgumentError('It must be an http or https address.');
}
