export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** One attribute a line, `name = value`; numbers, `true`, `false` and lists of texts as JSON writes them. @throws {Error} for a line that is none */
export function readAttributes(text: string): Attributes {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const place = line.indexOf('=');
      const name = line.slice(0, place).trim();
      if (place < 1 || name === '') throw new Error(`“${line.trim()}” is not like name = value`);
      return [name, readValue(line.slice(place + 1).trim())];
    }),
  );
}

export function writeAttributes(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name} = ${written(value)}`)
    .join('\n');
}

function readValue(text: string): string | number | boolean | readonly string[] {
  if (/^(true|false|-?\d+(\.\d+)?|\[.*\]|".*")$/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // A text that only looks like one.
    }
  }
  return text;
}

/** So that it is read back as what it was: the text "5" keeps its quotes. */
function written(value: Attributes[string]): string {
  return typeof value === 'string' && readValue(value) === value ? value : JSON.stringify(value);
}
