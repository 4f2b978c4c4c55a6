/** What is another each time, as the pages write it. */
const CHANGING: readonly (readonly [string, string])[] = [
  ['id', String.raw`\b01[0-9A-HJKMNP-TV-Z]{24}\b`],
  ['instant', String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?`],
  ['duration', String.raw`\b\d+(?:\.\d+)? (?:ms|s|min|h)\b(?: \d+ (?:s|min)\b)?`],
  ['prefix', String.raw`\bbaton_[co]_[\w-]{8}(?![\w-])`],
  ['token', String.raw`\bbaton_[co]_[\w-]+`],
  ['port', String.raw`(?<=localhost:|127\.0\.0\.1:)\d+`],
  ['instance', '(?<="instance":")[0-9a-f]{8}'],
  ['count', String.raw`(?<=^ *)\d+(?= {2}completed: )`],
];

const ANY = { anything: '…' } as const;

/** What later commands of a page speak of: the same name stands for the same thing. */
const REMEMBERED: ReadonlySet<string | undefined> = new Set(['id', 'prefix']);

/**
 * A pattern for what a page says that is printed: ids, instants, durations, tokens, ports and counts may be others, `…` stands for
 * anything, and columns may be wider. Each id of the page is a group, and so is each beginning of a token.
 */
function patternOf(printed: string): { pattern: RegExp; named: readonly string[] } {
  const named: string[] = [];
  const changing = CHANGING.map(([kind, source]) => `(?<${kind}>${source})`);
  const parts = new RegExp([...changing, `(?<anything>${ANY.anything})`].join('|'), 'gm');
  let pattern = '';
  let end = 0;
  const text = inOneOrder(joined(printed));
  for (const match of text.matchAll(parts)) {
    pattern += literally(text.slice(end, match.index));
    end = match.index + match[0].length;
    const kind = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0];
    pattern += REMEMBERED.has(kind) ? group(match[0], standIn(kind), named) : standIn(kind);
  }
  return { pattern: new RegExp(`^\\s*${pattern}${literally(text.slice(end))}\\s*$`), named };
}

/** JSON that a page breaks into lines is one line. */
const joined = (text: string): string =>
  /^[{[]/.test(text) ? text.replaceAll(/\n\s*/g, '') : text;

/** Tasks of a parallel stage end in any order: lines of a timeline that follow on each other are compared by their jobs. */
function inOneOrder(text: string): string {
  const isEndOfTask = (line: string) => /^\s*\+.*\S completed$/.test(line);
  const job = (line: string) => line.trim().split(/\s+/).at(-2) ?? '';
  const lines = text.split('\n');
  const ordered: string[] = [];
  for (let at = 0; at < lines.length; ) {
    let end = at;
    while (isEndOfTask(lines[end] ?? '')) end += 1;
    ordered.push(...lines.slice(at, end).sort((a, b) => job(a).localeCompare(job(b))));
    if (end === at) ordered.push(lines[end++] ?? '');
    at = end;
  }
  return ordered.join('\n');
}

const literally = (text: string): string =>
  text
    .split(/\s+/)
    .map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
    .join('\\s+');

function group(onPage: string, source: string, named: string[]): string {
  const known = named.indexOf(onPage);
  if (known !== -1) return `\\k<_${known}>`;
  return `(?<_${named.push(onPage) - 1}>${source})`;
}

function standIn(kind: string | undefined): string {
  if (kind === 'anything') return '[\\s\\S]*?';
  const source = CHANGING.find(([name]) => name === kind)?.[1] ?? '';
  // What stands around it is checked already.
  return `(?:${source.replaceAll(/\(\?<?=[^)]*\)/g, '')})`;
}

/** The ids and beginnings of tokens that were printed, by those that stand on the page; undefined where something else was printed. */
export function idsIn(
  printed: string,
  actual: string,
): Readonly<Record<string, string>> | undefined {
  const { pattern, named } = patternOf(printed);
  const match = pattern.exec(inOneOrder(actual));
  if (match === null) return undefined;
  return Object.fromEntries(named.map((onPage, at) => [onPage, match.groups?.[`_${at}`] ?? '']));
}
