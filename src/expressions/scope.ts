import type { BoundElement } from '../core/deciding.ts';
import type { ExpressionScope } from '../ports/evaluator.ts';

/** The scope as expressions see it: their context, and their variables. */
export interface Scope {
  readonly root: object;
  readonly bindings: object;
}

/** The scope with the element that an expression is about. */
export function boundTo({ root, bindings }: Scope, { value: element, index }: BoundElement): Scope {
  return { root, bindings: { ...bindings, element, index } };
}

/** The scope as JSON text. Text costs a process less than an object: it is copied once, and read once. */
export function writeScope({ history, elements: _, ...rest }: ExpressionScope): string {
  const root = { ...rest, ...(history === undefined ? {} : { input: history.input }) };
  return JSON.stringify({ root, bindings: { jobs: history?.jobs ?? {} } } satisfies Scope);
}

export function readScope(text: string): Scope {
  return JSON.parse(text) as Scope;
}
