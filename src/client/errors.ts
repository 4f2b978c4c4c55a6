import type { ProblemDetail } from '../contract/problem.ts';

/** What the client throws. `code` is one of the API's problem codes, or one of the client's own, such as UNREACHABLE. */
export abstract class BatonError extends Error {
  abstract readonly code: string;
}

/** A problem document of the API (RFC 9457). Its code may be newer than this package. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly path?: string;
  readonly line?: number;
  /** All that is wrong, where it is more than one thing. */
  readonly errors?: readonly ProblemDetail[];
}

/** The API refused the request. To send it again unchanged helps only if the status is 429, or 500 and more: Baton was busy or unwell at each try. */
export class RefusedError extends BatonError {
  override readonly name = 'RefusedError';
  readonly code: string;
  readonly status: number;
  readonly problem: Refusal;

  constructor(problem: Refusal) {
    super(`${problem.code}: ${problem.detail}`);
    this.code = problem.code;
    this.status = problem.status;
    this.problem = problem;
  }
}

/** Nothing responds at the address, or something other than Baton; all tries have failed. */
export class UnreachableError extends BatonError {
  override readonly name = 'UnreachableError';
  readonly code = 'UNREACHABLE';
  /** Whether the request may have arrived, and only its response was lost: what it asks for may be done. Default true. */
  readonly mayHaveArrived: boolean;

  constructor(message: string, options: ErrorOptions & { readonly mayHaveArrived?: boolean } = {}) {
    super(message, options);
    this.mayHaveArrived = options.mayHaveArrived ?? true;
  }
}

/** An order or an operation did not end within `timeoutMs`. It goes on. */
export class WaitedTooLongError extends BatonError {
  override readonly name = 'WaitedTooLongError';
  readonly code = 'WAITED_TOO_LONG';
}

/** An option or another value that was given cannot be meant, or cannot be sent. Nothing was sent. */
export class ArgumentError extends BatonError {
  override readonly name = 'ArgumentError';
  readonly code = 'INVALID_ARGUMENT';
  /** Its name: `tries`, `timeoutMs`, `url`, `token`, `idempotencyKey`; `path` for an id or a name that is part of the address. */
  readonly argument: string;
  /** The message without that name. */
  readonly reason: string;

  constructor(argument: string, reason: string) {
    super(`${argument}: ${reason}`);
    this.argument = argument;
    this.reason = reason;
  }
}

/** Whether Baton was busy or unwell: the same request may succeed a moment later. */
export function isPassingStatus(status: number): boolean {
  return status === 429 || status >= 500;
}
