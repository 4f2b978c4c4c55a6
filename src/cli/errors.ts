import type { Refusal } from '../client/errors.ts';
import type { ProblemDetail } from '../contract/problem.ts';
import { defined } from '../core/defined.ts';
import type { ExitCode } from './exit-codes.ts';
import { EXIT } from './exit-codes.ts';

/** An error that the person at the terminal can act on: it is shown in a few lines, without a stack trace. */
export abstract class CliError extends Error {
  abstract readonly code: string;
  abstract readonly exitCode: ExitCode;
  /** Whether the request may have been carried out all the same. */
  readonly mayHaveArrived: boolean = false;

  /** What `--json` prints. */
  toJSON(): object {
    return { error: { code: this.code, detail: this.message } };
  }
}

/** The command line is wrong, or a file that it names. */
export class UsageError extends CliError {
  readonly code = 'USAGE';
  readonly exitCode = EXIT.usage;
}

/** Nothing responds at the API's address, or something other than Baton. */
export class UnreachableError extends CliError {
  readonly code = 'UNREACHABLE';
  readonly exitCode = EXIT.unreachable;
  override readonly mayHaveArrived: boolean;

  constructor(
    message: string,
    { mayHaveArrived = true }: { readonly mayHaveArrived?: boolean } = {},
  ) {
    super(message);
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** `--wait` took longer than `--timeout`. The orders go on. */
export class WaitedTooLongError extends CliError {
  readonly code = 'WAITED_TOO_LONG';
  readonly exitCode = EXIT.waitedTooLong;
}

/** Ctrl-C, or another signal that asks the command to end. */
export class InterruptedError extends CliError {
  readonly code = 'INTERRUPTED';
  readonly exitCode = EXIT.interrupted;
  override readonly mayHaveArrived = true;
}

/** The API refused a request with a problem document. */
export class RefusedError extends CliError {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly status: number;
  readonly problem: Refusal;
  override readonly mayHaveArrived: boolean;

  constructor(problem: Refusal) {
    super(describe(problem));
    this.code = problem.code;
    this.status = problem.status;
    this.exitCode = problem.status === 404 ? EXIT.notFound : EXIT.refused;
    this.problem = problem;
    this.mayHaveArrived = problem.status >= 500;
  }

  override toJSON(): object {
    return { error: this.problem };
  }
}

function describe({ code, detail, path, line, errors = [] }: Refusal): string {
  const first = `${code}: ${detail}${location(defined({ message: detail, path, line }))}`;
  const more = errors.slice(1).map((one) => `  ${one.message}${location(one)}`);
  return [first, ...more].join('\n');
}

/** Path and line of the problem; without the path if the message begins with it. */
function location({ message, path, line }: ProblemDetail): string {
  const parts = [
    ...(path === undefined || message.startsWith(`${path}:`) ? [] : [path]),
    ...(line === undefined ? [] : [`line ${line}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
