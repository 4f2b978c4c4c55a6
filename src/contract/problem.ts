import { defined } from '../core/defined.ts';

/** The catalogue of all that can be wrong with a request. A code is stable; its HTTP status and title stand here only. */
export const PROBLEMS = {
  MALFORMED_BODY: { status: 400, title: 'The body is not valid JSON, YAML or CSV' },
  INVALID_REQUEST: { status: 422, title: 'The request does not fit its schema' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'The content type is not one that this call takes',
  },
  TOO_LARGE: { status: 413, title: 'The request is over a size limit' },
  UNKNOWN_WORKFLOW: { status: 422, title: 'There is no such workflow' },
  UNKNOWN_PLUGIN: { status: 422, title: 'No such plugin is registered' },
  UNKNOWN_CLIENT: { status: 422, title: 'There is no such client' },
  IDEMPOTENCY_CONFLICT: { status: 409, title: 'The key was used for another request' },
  BROKEN_JOURNAL: { status: 409, title: 'The order has lost a part of its journal' },
  ORDER_ENDED: { status: 409, title: 'The order has ended' },
  ORDER_COMPENSATING: { status: 409, title: 'The order is being undone' },
  ORDER_NOT_FAILED: { status: 409, title: 'The order has not failed' },
  ORDER_NOT_PAUSED: { status: 409, title: 'The order is not paused' },
  ALREADY_UNDONE: { status: 409, title: 'What the order had done has been undone' },
  PAST_PIVOT: {
    status: 409,
    title: 'The order is past the activity after which nothing is undone',
  },
  RETRY_NOT_POSSIBLE: { status: 409, title: 'The order cannot be retried like this' },
  TASK_NOT_OPEN: { status: 409, title: 'The task is neither open nor failed' },
  INVALID_TASK_TOKEN: { status: 404, title: 'This is no token of a task' },
  FOREIGN_TASK: { status: 403, title: "The task is another plugin's" },
  ATTEMPT_OVER: { status: 409, title: 'The attempt is over' },
  TASK_ANSWERED: { status: 409, title: 'The task has been answered otherwise' },
  VERSION_DOES_NOT_FIT: {
    status: 409,
    title: 'The order does not fit that version of its workflow',
  },
  PLUGIN_NOT_QUARANTINED: { status: 409, title: 'The plugin is not held back' },
  WORKFLOW_CYCLE: { status: 422, title: 'The workflow contains itself' },
  INVALID_EXPRESSION: { status: 422, title: 'The JSONata expression is not valid' },
  UNAUTHORIZED: { status: 401, title: 'The call carries no token' },
  FORBIDDEN: { status: 403, title: 'The token does not allow this' },
  NOT_FOUND: { status: 404, title: 'There is nothing at this address' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The address does not take this method' },
  INTERNAL: { status: 500, title: 'Baton failed; the request may be repeated' },
  UNAVAILABLE: {
    status: 503,
    title: 'A service that Baton needs does not answer; repeat the request',
  },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** One thing that is wrong, and where. */
export interface ProblemDetail {
  /** As people write it: `activities[0].post[1].retry`. */
  readonly path?: string;
  /** From 1, in a CSV or YAML text. */
  readonly line?: number;
  readonly message: string;
}

/** An RFC 9457 problem document. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly path?: string;
  readonly line?: number;
  /** All that is wrong, where it is more than one thing. */
  readonly errors?: readonly ProblemDetail[];
}

/** A request may be wrong in a million places, and name a key of a megabyte: its sender gets to see this much. */
const MAX_ERRORS = 50;
const MAX_LENGTH = 500;

function shorten({ path, line, message }: ProblemDetail): ProblemDetail {
  return defined({ path: path === undefined ? undefined : cut(path), line, message: cut(message) });
}

function cut(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1)}…`;
}

/** A request that is refused, with the reason that its sender gets to see. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly ProblemDetail[];

  /** `errors` has at least one element; the first one gives the document's own detail, path and line. */
  constructor(code: ProblemCode, errors: string | readonly ProblemDetail[]) {
    const all = typeof errors === 'string' ? [{ message: errors }] : errors;
    const shown = all.slice(0, MAX_ERRORS).map(shorten);
    super(shown[0]?.message ?? PROBLEMS[code].title);
    this.name = 'Problem';
    this.code = code;
    this.errors = shown;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  toDocument(): ProblemDocument {
    const { status, title } = PROBLEMS[this.code];
    const [first] = this.errors;
    return defined({
      type: `urn:baton:problem:${this.code}`,
      title,
      status,
      code: this.code,
      detail: this.message,
      path: first?.path,
      line: first?.line,
      errors: this.errors.length > 1 ? this.errors : undefined,
    });
  }
}
