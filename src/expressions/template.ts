import { placeOf } from '../contract/json-loss.ts';
import type { Evaluated } from '../core/deciding.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Answer } from './evaluation.ts';

/** An expression of a template, and where it is there: `.items[2].id`; empty if the template is the expression. */
export interface PlacedExpression {
  readonly place: string;
  readonly source: string;
}

/** The expressions of a template, in the order in which {@link fill} wants their answers. */
export function expressionsOf(template: Json, place = ''): readonly PlacedExpression[] {
  if (typeof template === 'string') return [{ place, source: template }];
  if (typeof template !== 'object' || template === null) return [];
  if (Array.isArray(template)) {
    return template.flatMap((item: Json, index) => expressionsOf(item, place + placeOf(index)));
  }
  return Object.entries(template).flatMap(([key, value]: [string, Json]) =>
    expressionsOf(value, place + placeOf(key)),
  );
}

/** The template with a value in place of each expression; if one of them failed, the first failure. */
export function fill(
  template: Json,
  expressions: readonly PlacedExpression[],
  answers: readonly Answer[],
): Evaluated {
  const values: Json[] = [];
  for (const [index, answer] of answers.entries()) {
    if ('error' in answer) {
      const place = `${expressions[index]?.place ?? ''}${answer.place ?? ''}`;
      return { error: answer.error, place };
    }
    values.push(JSON.parse(answer.json) as Json);
  }
  return { value: withValues(template, values.values()) };
}

function withValues(template: Json, values: Iterator<Json>): Json {
  if (typeof template === 'string') return values.next().value as Json;
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) return template.map((item: Json) => withValues(item, values));
  return Object.fromEntries(
    Object.entries(template as JsonObject).map(([key, value]) => [key, withValues(value, values)]),
  );
}
