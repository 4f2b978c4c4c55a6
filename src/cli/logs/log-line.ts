import { formatClock } from '../durations.ts';
import type { Terminal } from '../terminal.ts';
import { visibleIn } from '../visible-text.ts';

/** What a function wrote: a JSON line of the SDK or the core, or text of somebody's own. */
export interface LogLine {
  /** A plugin by its name, a function of the core by its key. */
  readonly function: string;
  readonly message: string;
  /** INFO, WARN or ERROR. Text of somebody's own has neither level nor time. */
  readonly level?: string;
  readonly timestamp?: string;
  /** What else the line holds. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How a line in CloudWatch's embedded metric format begins: a figure, which CloudWatch takes out of the log. */
const METRICS = '{"_aws":';

/** Fields that say nothing: who writes stands in front. */
const NO_NEWS = new Set(['service', 'plugin']);

/** A line of the local stack's log, `function | text`. Undefined for metrics. */
export function readLogLine(line: string): LogLine | undefined {
  const end = line.indexOf(' | ');
  const [name, text] = end < 0 ? ['', line] : [line.slice(0, end), line.slice(end + 3)];
  if (text.startsWith(METRICS)) return undefined;
  const { message, level, timestamp, ...fields } = objectIn(text);
  if (typeof message !== 'string') return { function: name, message: text, fields: {} };
  return {
    ...{ function: name, message, fields },
    ...(typeof level === 'string' && { level }),
    ...(typeof timestamp === 'string' && { timestamp }),
  };
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Calls of a stack that are not the author's: of packages, and of Baton itself. */
const OTHERS_CALLS = /^\s*at .*(\/node_modules\/|\/src\/sdk\/|\/infra\/local\/|node:|Promise\.)/;

/** A line for people: when, who, what, and the rest as `name=value`; a stack goes below, as far as it is the author's own. */
export function drawLogLine(written: LogLine, { paint }: Pick<Terminal, 'paint'>): string {
  const line = visibleIn(written);
  const { stack, ...fields } = line.fields;
  const rest = Object.entries(fields)
    .filter(([name]) => !NO_NEWS.has(name))
    .map(([name, value]) => paint('dim', `${name}=${plain(value)}`));
  const what =
    line.level === undefined || line.level === 'INFO'
      ? [line.message]
      : [paint(line.level === 'WARN' ? 'yellow' : 'red', line.level), line.message];
  const time = line.timestamp === undefined ? '' : formatClock(line.timestamp);
  const first = [time.padEnd(12), paint('cyan', line.function), ...what, ...rest].join('  ');
  const below = typeof stack === 'string' ? stack.split('\n').filter(isAuthors) : [];
  return [first, ...below.map((one) => `${' '.repeat(14)}${paint('dim', one.trim())}`)].join('\n');
}

const isAuthors = (line: string): boolean => !OTHERS_CALLS.test(line);

const plain = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
