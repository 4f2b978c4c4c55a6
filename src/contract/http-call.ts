import type * as z from 'zod';
import type { ProblemCode } from './problem.ts';

/** One call of the HTTP API, as the OpenAPI document describes it. */
export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** The call's name, for programs that are made from the document. */
  readonly operationId: string;
  readonly summary: string;
  readonly params?: z.ZodObject;
  /** The path holds a token that is the authority for the call; a bearer token is not asked for. */
  readonly tokenInPath?: true;
  readonly query?: z.ZodObject;
  /** The call may be repeated under an `Idempotency-Key`. */
  readonly repeatable?: boolean;
  /** It takes the headers of W3C Trace Context. */
  readonly traced?: true;
  /** By media type. */
  readonly body?: Readonly<Record<string, z.ZodType>>;
  /** The body may be left out. */
  readonly bodyOptional?: true;
  /** By status. */
  readonly answers: Readonly<Record<number, z.ZodType>>;
  /** Besides those that every call may answer with. */
  readonly problems: readonly ProblemCode[];
}

/** What a call with a body may answer with. */
export const BODY: readonly ProblemCode[] = [
  'MALFORMED_BODY',
  'INVALID_REQUEST',
  'UNSUPPORTED_MEDIA_TYPE',
  'TOO_LARGE',
];

/** What a call that names workflows or plugins may answer with. */
export const NAMED: readonly ProblemCode[] = ['UNKNOWN_WORKFLOW', 'UNKNOWN_PLUGIN'];
