import jsonata from 'jsonata';
import type * as z from 'zod';
import { instantIn } from '../core/instant.ts';
import type { Json } from '../core/json.ts';
import type { Activity } from '../core/workflow.ts';
import { isSameNumber } from './decimal.ts';
import { expressionsIn } from './definition-content.ts';
import { eachItem, eachStep } from './each-step.ts';
import type { ProblemDetail } from './problem.ts';
import { Problem } from './problem.ts';
import type { definitionSchema } from './workflow-schema.ts';
import { reasonOf } from './yaml-text.ts';

/** How much of a broken expression an error repeats. Characters. */
const MAX_SHOWN = 200;

/** The numbers in an expression that JavaScript changes. @throws for an expression that does not parse */
function lostNumbers(expression: string) {
  const lost: { readonly written: string; readonly kept: number }[] = [];
  const seen = new Set<object>();
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return;
    seen.add(node);
    const { type, value, position } = node as Partial<Record<string, unknown>>;
    // JSONata keeps where a number ends, and makes a minus before it a part of the number.
    if (type === 'number' && typeof value === 'number' && typeof position === 'number') {
      const written = NUMBER_AT_END.exec(expression.slice(0, position))?.[0];
      const kept = Math.abs(value);
      if (written !== undefined && !isSameNumber(written, kept)) lost.push({ written, kept });
    }
    for (const part of Object.values(node)) look(part);
  };
  look(jsonata(expression).ast());
  return lost;
}

const NUMBER_AT_END = /(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$/;

/** @throws {Problem} INVALID_EXPRESSION that names each expression that does not parse, or has a number that JavaScript changes */
export function checkExpressions(definition: z.output<typeof definitionSchema>): void {
  const errors: ProblemDetail[] = [];
  eachStep(definition, (step, path) => {
    const { when, forEach, input } = step as { when?: string; forEach?: string; input?: Json };
    checkWhens(step, path);
    if ('waitUntil' in step && instantIn(step.waitUntil as string) === undefined) {
      check(step.waitUntil as string, `${path}.waitUntil`);
    }
    const { key } = ('waitFor' in step ? step.waitFor : {}) as { key?: string };
    if (key !== undefined) check(key, `${path}.waitFor.key`);
    if (when !== undefined) check(when, `${path}.when`);
    if (forEach !== undefined) check(forEach, `${path}.forEach`);
    for (const expression of input === undefined ? [] : expressionsIn(input)) {
      check(expression, `${path}.input`);
    }
  });
  eachItem(definition, (item, path) => {
    const { repeat } = item as Partial<Activity>;
    if (repeat !== undefined) check(repeat.until, `${path}.repeat.until`);
    checkWhens(item, path);
  });
  if (errors.length > 0) throw new Problem('INVALID_EXPRESSION', errors);

  /** Of a choice among steps, or among activities. */
  function checkWhens(item: object, path: string): void {
    const { choose = [] } = item as { choose?: readonly { when?: string }[] };
    choose.forEach(({ when }, index) => {
      if (when !== undefined) check(when, `${path}.choose[${index}].when`);
    });
  }

  function check(expression: string, path: string): void {
    try {
      for (const { written, kept } of lostNumbers(expression)) {
        const message = `${path}: ${written} would become ${kept}; write it as text`;
        errors.push({ path, message });
      }
    } catch (error) {
      const reason = reasonOf(error);
      const shown = JSON.stringify(expression.slice(0, MAX_SHOWN));
      errors.push({ path, message: `${path}: ${reason} (in ${shown})` });
    }
  }
}
