/** What is another each time, as the pages write it. */
const CHANGING: readonly (readonly [string, string])[] = [
  ['id', String.raw`\b01[0-9A-HJKMNP-TV-Z]{24}\b`],
  ['instant', String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?`],
  ['duration', String.raw`\b\d+(?:\.\d+)? (?:ms|s|min|h)\b(?: \d+ (?:s|min)\b)?`],
  ['token', String.raw`\bbaton_[co]_[\w-]+`],
  ['port', String.raw`(?<=localhost:|127\.0\.0\.1:)\d+`],
  ['instance', '(?<="instance":")[0-9a-f]{8}'],
  ['count', String.raw`(?<=^ *)\d+(?= {2}completed: )`],
];

const ANY = { anything: '…' } as const;

/**
 * A pattern for what a page says that is printed: ids, instants, durations, tokens, ports and counts may be others, `…` stands for
 * anything, and columns may be wider. Each id of the page is a group, by its own name.
 */
export function patternOf(printed: string): RegExp {
  const named = new Set<string>();
  const changing = CHANGING.map(([kind, source]) => `(?<${kind}>${source})`);
  const parts = new RegExp([...changing, `(?<anything>${ANY.anything})`].join('|'), 'gm');
  let pattern = '';
  let end = 0;
  const text = joined(printed);
  for (const match of text.matchAll(parts)) {
    pattern += literally(text.slice(end, match.index));
    end = match.index + match[0].length;
    const kind = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0];
    pattern += kind === 'id' ? idPattern(match[0], named) : standIn(kind);
  }
  return new RegExp(`^\\s*${pattern}${literally(text.slice(end))}\\s*$`);
}

/** JSON that a page breaks into lines is one line. */
const joined = (text: string): string =>
  /^[{[]/.test(text) ? text.replaceAll(/\n\s*/g, '') : text;

const literally = (text: string): string =>
  text
    .split(/\s+/)
    .map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
    .join('\\s+');

function idPattern(id: string, named: Set<string>): string {
  if (named.has(id)) return `\\k<_${id}>`;
  named.add(id);
  return `(?<_${id}>01[0-9A-HJKMNP-TV-Z]{24})`;
}

function standIn(kind: string | undefined): string {
  if (kind === 'anything') return '[\\s\\S]*?';
  const source = CHANGING.find(([name]) => name === kind)?.[1] ?? '';
  // What stands around it is checked already.
  return `(?:${source.replaceAll(/\(\?<?=[^)]*\)/g, '')})`;
}

/** The ids that were printed, by the ids that stand on the page; undefined where something else was printed. */
export function idsIn(
  printed: string,
  actual: string,
): Readonly<Record<string, string>> | undefined {
  const groups = patternOf(printed).exec(actual)?.groups;
  if (groups === undefined) return patternOf(printed).test(actual) ? {} : undefined;
  return Object.fromEntries(Object.entries(groups).map(([name, id]) => [name.slice(1), id]));
}
