/** So much fits into one line of a card. */
const LINE = 56;

/** What would show text in another order than it has, or not at all: Unicode's bidirectional controls, and C1. */
const UNSEEN = /[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** JSON for people: what fits into a line stands in one, and what one would not see is escaped, as JSON can. */
export function jsonText(value: unknown): string {
  return unfolded(value, '').replaceAll(
    UNSEEN,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function unfolded(value: unknown, indent: string): string {
  const line = inLine(value);
  if (typeof value !== 'object' || value === null || line.length + indent.length <= LINE) {
    return line;
  }
  const deeper = `${indent}  `;
  if (Array.isArray(value) && value.every(isScalar)) return filled(value, indent);
  const parts = Array.isArray(value)
    ? value.map((one) => deeper + unfolded(one, deeper))
    : Object.entries(value)
        .filter(([, one]) => one !== undefined)
        .map(([name, one]) => `${deeper}${JSON.stringify(name)}: ${unfolded(one, deeper)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`;
}

const isScalar = (value: unknown) => typeof value !== 'object' || value === null;

/** As many in each line as fit: a long list of numbers is no tower. */
function filled(values: readonly unknown[], indent: string): string {
  const lines: string[] = [];
  for (const text of values.map(inLine)) {
    const last = lines.at(-1);
    const isRoom = last !== undefined && last.length + text.length + indent.length + 4 <= LINE;
    if (isRoom) lines[lines.length - 1] = `${last}, ${text}`;
    else lines.push(text);
  }
  return `[\n${lines.map((line) => `${indent}  ${line}`).join(',\n')}\n${indent}]`;
}

function inLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .map(([name, one]) => `${JSON.stringify(name)}: ${inLine(one)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
