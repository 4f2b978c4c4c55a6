import { evaluateExpression } from '../../../src/expressions/evaluation.ts';
import { boundTo, readScope, writeScope } from '../../../src/expressions/scope.ts';
import { expressionsOf, fill } from '../../../src/expressions/template.ts';
import type { Evaluator } from '../../../src/ports/evaluator.ts';

/** Evaluates in this process, without limits, and within microtasks: for expressions that a test has written. */
export function createMemoryEvaluator(): Evaluator {
  return {
    evaluate: async (templates, scope) =>
      Promise.all(
        templates.map(async (template, index) => {
          const expressions = expressionsOf(template);
          const parsed = readScope(writeScope(scope));
          const element = scope.elements?.[index];
          const bound = element ? boundTo(parsed, element) : parsed;
          const answers = expressions.map(({ source }) => evaluateExpression(source, bound));
          return fill(template, expressions, await Promise.all(answers));
        }),
      ),
  };
}
