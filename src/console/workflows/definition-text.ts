import type { Workflow } from '../messages.ts';
import { jsonText } from '../words/json-text.ts';

type Item = Workflow['activities'][number];

/** A definition as one writes it: without its version, and without the stages that have no steps. */
export function definitionText({ version: _, ...definition }: Workflow): string {
  const isGiven = (value: unknown) => !Array.isArray(value) || value.length > 0;
  const given = (fields: object) =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => isGiven(value)));
  return jsonText({ ...given(definition), activities: definition.activities.map(written) });

  /** A choice holds activities again. */
  function written(item: Item): object {
    if (!('choose' in item)) return given(item);
    const choose = item.choose.map(({ activities, otherwise, ...branch }) => ({
      ...branch,
      ...(activities && { activities: activities.map(written) }),
      ...(otherwise && { otherwise: otherwise.map(written) }),
    }));
    return { choose };
  }
}
