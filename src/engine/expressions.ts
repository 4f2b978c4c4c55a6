import jsonata from 'jsonata';
import { expressionsIn } from '../contract/definition-content.ts';
import type { Evaluated } from '../core/deciding.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Attributes } from '../core/order.ts';
import type { History } from '../core/task-records.ts';
import { boundedRegExp } from './bounded-regex.ts';

/**
 * An expression of more steps has failed; these take about a tenth of a second. Steps and not seconds: a machine that
 * stalls must not fail an order.
 */
const STEP_LIMIT = 100_000;
/** An expression that nests deeper has failed: JSONata recurses on the stack. */
const DEPTH_LIMIT = 200;
/** A longer list has failed: a payload has room for a tenth of it, and an instance for ten of them. */
const LENGTH_LIMIT = 1_000_000;

/** What an expression can look at; it is the expression's own context, so `attributes.priority` is written just so. */
export interface ExpressionScope {
  readonly orderId: string;
  readonly attributes: Attributes;
  /** What the task would get as its input without an `input` of its own: the previous result. */
  readonly payload: Json;
  /** The order's own input as `input`, and earlier jobs as `$jobs`: there when {@link needsHistory} says so. */
  readonly history?: History;
}

/** Whether any of the templates looks at `$jobs` or at the order's own `input`. */
export function needsHistory(templates: readonly Json[]): boolean {
  return templates.some((template) =>
    expressionsIn(template).some((expression) => /\$jobs\b|\binput\b/.test(expression)),
  );
}

/** The value of each template; a failure is a value too, so that one broken expression does not hold up the others. */
export async function evaluateTemplates(
  templates: readonly Json[],
  scope: ExpressionScope,
): Promise<readonly Evaluated[]> {
  const { history, ...rest } = scope;
  const root = { ...rest, ...(history === undefined ? {} : { input: history.input }) };
  const bindings = { jobs: history?.jobs ?? {} };
  return Promise.all(
    templates.map(async (template): Promise<Evaluated> => {
      try {
        return { value: await evaluateTemplate(template, root, bindings) };
      } catch (error) {
        return { error: (error as { message?: string }).message ?? String(error) };
      }
    }),
  );
}

async function evaluateTemplate(template: Json, root: object, bindings: object): Promise<Json> {
  if (typeof template === 'string') return evaluateOne(template, root, bindings);
  if (Array.isArray(template)) {
    return Promise.all(template.map((one: Json) => evaluateTemplate(one, root, bindings)));
  }
  if (typeof template !== 'object' || template === null) return template;
  const fields = Object.entries(template as JsonObject).map(
    async ([key, value]) => [key, await evaluateTemplate(value, root, bindings)] as const,
  );
  return Object.fromEntries(await Promise.all(fields));
}

async function evaluateOne(source: string, root: object, bindings: object): Promise<Json> {
  const expression = jsonata(source, {
    RegexEngine: boundedRegExp(),
    sequence: LENGTH_LIMIT,
  });
  bound(expression);
  const value: unknown = await expression.evaluate(root, bindings);
  // JSONata's nothing is JSON's null, and its sequences carry properties of their own: only the JSON of a value counts.
  return value === undefined ? null : (JSON.parse(JSON.stringify(value) ?? 'null') as Json);
}

/** Stops an expression that runs too long or too deep. @see https://docs.jsonata.org/embedding-extending (evaluation hooks) */
function bound(expression: jsonata.Expression): void {
  let steps = 0;
  let depth = 0;
  hook(expression, 'jsonata.__evaluate_entry', () => {
    steps += 1;
    depth += 1;
    if (depth > DEPTH_LIMIT) throw new Error(`the expression nests deeper than ${DEPTH_LIMIT}`);
    if (steps > STEP_LIMIT) throw new Error(`the expression takes more than ${STEP_LIMIT} steps`);
  });
  hook(expression, 'jsonata.__evaluate_exit', () => {
    depth -= 1;
  });
}

/** The evaluator looks its hooks up by symbol; the type of `assign` only knows names. */
function hook(expression: jsonata.Expression, name: string, callback: () => void): void {
  expression.assign(Symbol.for(name) as unknown as string, callback);
}
