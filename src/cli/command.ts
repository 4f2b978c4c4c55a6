import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { readJson as readJsonText } from '../contract/json-text.ts';
import { Problem } from '../contract/problem.ts';
import type { Api } from './api.ts';
import { connect } from './api.ts';
import type { ExitCode } from './exit-codes.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { openTerminal } from './terminal.ts';

/** What every command works with. */
export interface Session {
  readonly api: Api;
  readonly terminal: Terminal;
}

/** Adds a command to the program; `leave` sets the exit code. */
export type AddCommand = (program: Command, leave: (code: ExitCode) => void) => void;

interface GlobalOptions {
  readonly api: string;
  readonly token?: string;
  readonly json: boolean;
  readonly color: boolean;
}

/** A commander action out of a function that gets the session, the options and the arguments, and returns the exit code if it is not 0. */
export function action<Options, Args extends unknown[]>(
  leave: (code: ExitCode) => void,
  run: (session: Session, options: Options, ...args: Args) => Promise<ExitCode | undefined>,
): (...all: unknown[]) => Promise<void> {
  return async (...all) => {
    const command = all.at(-1) as Command;
    const { api, token, ...look } = command.optsWithGlobals<GlobalOptions>();
    const session = { api: connect({ url: api, token }), terminal: openTerminal(look) };
    const args = all.slice(0, -2) as Args;
    leave((await run(session, command.opts() as Options, ...args)) ?? EXIT.ok);
  };
}

/** An argument that has to be a whole number of at least 1. */
export function readCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is no whole number of at least 1.');
}

/** An option's JSON value. What a file or a body may not say, an option may not say either. */
export function readJson(text: string): unknown {
  try {
    return readJsonText(text);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const hint = error.code === 'MALFORMED_BODY' ? ` Text needs quotes: '"text"'.` : '';
    throw new InvalidArgumentError(`${error.message}.${hint}`);
  }
}
