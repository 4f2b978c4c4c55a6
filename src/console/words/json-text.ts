/** So much fits into one line of a card. */
const LINE = 56;

/** JSON for people: what fits into a line stands in one. */
export function jsonText(value: unknown, indent = ''): string {
  const line = inLine(value);
  if (typeof value !== 'object' || value === null || line.length + indent.length <= LINE) {
    return line;
  }
  const deeper = `${indent}  `;
  if (Array.isArray(value) && value.every(isScalar)) return filled(value, indent);
  const parts = Array.isArray(value)
    ? value.map((one) => deeper + jsonText(one, deeper))
    : Object.entries(value)
        .filter(([, one]) => one !== undefined)
        .map(([name, one]) => `${deeper}${JSON.stringify(name)}: ${jsonText(one, deeper)}`);
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
