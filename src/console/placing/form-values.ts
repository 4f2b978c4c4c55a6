import { type Field, isObject, writtenAs } from './schema-fields.ts';

/** What the form holds, by the names of its fields; an empty one is not given. */
export type Values = Readonly<Record<string, string>>;

/** What the form holds first: what was typed before, where the form can show it, else what the schema says. */
export function valuesFrom(fields: readonly Field[], input: string): Values | undefined {
  const given = input.trim() === '' ? {} : parsed(input);
  if (!isObject(given)) return undefined;
  const isShown = Object.keys(given).every((name) => fields.some((field) => field.name === name));
  if (!isShown) return undefined;
  return Object.fromEntries(
    fields.map(({ name, kind, initial }) => [
      name,
      name in given ? writtenAs(kind, given[name]) : initial,
    ]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The input as JSON text; numbers stand in it as they were typed. */
export function inputText(fields: readonly Field[], values: Values): string {
  const lines = fields.flatMap(({ name, kind }) => {
    const value = values[name] ?? '';
    if (value.trim() === '') return [];
    return [`  ${JSON.stringify(name)}: ${kind === 'text' ? JSON.stringify(value) : value}`];
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n}`;
}
