import type { BoundElement } from '../core/deciding.ts';
import type { Answer } from './evaluation.ts';
import type { Limits } from './watchdog.ts';

/** The first message to a sandbox. Its answer is {@link READY}. */
export interface Setting {
  readonly limits: Limits;
}

export const READY = 'ready';

/** Asks for the values of some expressions. */
export interface EvaluationRequest {
  readonly id: number;
  /** See `writeScope`. */
  readonly scope: string;
  readonly expressions: readonly BoundSource[];
}

/** One JSONata expression, and the element that it is about, if any. */
export interface BoundSource {
  readonly source: string;
  readonly element?: BoundElement;
}

/** An answer for each expression of the request. */
export interface EvaluationResponse {
  readonly id: number;
  readonly answers: readonly Answer[];
}

/** What the sandbox writes to its standard output before it begins an expression, so that a sudden end has a name. */
export const beginning = (id: number, index: number): string => `${id}.${index}\n`;
