/**
 * Characters that a terminal obeys instead of showing them (C0 but for tabs and line ends, C1, DEL), and those that make it show text in
 * another order than it has (Unicode's bidirectional controls, https://www.unicode.org/reports/tr9/).
 */
const OBEYED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text from outside as it may be shown: whatever would drive the terminal is spelled out, as `\u001b`. A plugin's error message moves no
 * cursor and hides nothing.
 */
export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(OBEYED, spelledOut);
}

/** The same for all text in a value, names of fields included. */
export function visibleIn<Value>(value: Value): Value {
  return shown(value) as Value;
}

/** JSON that is safe to show, too: what JSON itself leaves as it is, is escaped in JSON's own way. */
export function visibleJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(OBEYED, spelledOut);
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(shown);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [visible(name), shown(one)]),
  );
}

function spelledOut(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
