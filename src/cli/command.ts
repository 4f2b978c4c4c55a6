import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Api } from './api.ts';
import { connect } from './api.ts';
import type { ExitCode } from './exit-codes.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { openTerminal } from './terminal.ts';

/** A command's way to the API and to the person at the terminal. */
export interface Session {
  readonly api: Api;
  readonly terminal: Terminal;
}

/** Adds a command to the program. */
export type AddCommand = (program: Command, setExitCode: (code: ExitCode) => void) => void;

interface GlobalOptions {
  readonly api: string;
  readonly token?: string;
  readonly json: boolean;
  readonly color: boolean;
}

/** Makes a commander action from a function that gets the session, the options and the arguments. It returns the exit code; `undefined` is 0. */
export function action<Options, Args extends unknown[]>(
  setExitCode: (code: ExitCode) => void,
  run: (session: Session, options: Options, ...args: Args) => Promise<ExitCode | undefined>,
): (...all: unknown[]) => Promise<void> {
  return async (...all) => {
    const command = all.at(-1) as Command;
    const { api, token, ...look } = command.optsWithGlobals<GlobalOptions>();
    const session = {
      api: connect({ url: api, token, isForPeople: !look.json }),
      terminal: openTerminal(look),
    };
    const args = all.slice(0, -2) as Args;
    setExitCode((await run(session, command.opts() as Options, ...args)) ?? EXIT.ok);
  };
}

/** Reads an argument that must be a whole number of at least 1. */
export function readCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of at least 1.');
}
