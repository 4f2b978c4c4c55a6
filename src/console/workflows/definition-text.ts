import type { Workflow } from '../messages.ts';
import { jsonText } from '../words/json-text.ts';

/** A definition as one writes it: without its version, and without the stages that have no steps. */
export function definitionText({ version: _, ...definition }: Workflow): string {
  const isGiven = (value: unknown) => !Array.isArray(value) || value.length > 0;
  const given = (fields: object) =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => isGiven(value)));
  return jsonText({ ...given(definition), activities: definition.activities.map(given) });
}
