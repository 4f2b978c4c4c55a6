import { inspect } from 'node:util';

/** One line of the log. It carries ids, never inputs or results. */
export interface LogFields {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly [field: string]: unknown;
}

/**
 * A log whose lines carry the ids of the task. It writes JSON, which on Lambda goes to CloudWatch Logs.
 *
 * @example
 * import { definePlugin } from 'batonflow/sdk';
 *
 * export const handler = definePlugin((cents: number, task) => {
 *   task.log.info('charged', { currency: 'EUR' });
 *   return { cents };
 * });
 */
export interface TaskLog {
  /** @param fields ids and figures; payloads do not belong in a log */
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/**
 * Writes the line as JSON, with the level and the time as Lambda reads them. Not through `console`, to whose lines Lambda adds
 * something: in CloudWatch Logs, JSON in JSON would be text.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
export function writeLine(
  line: LogFields,
  write: (text: string) => void = (text) => void process.stdout.write(text),
): void {
  const level = line.level.toUpperCase();
  write(`${lineOf({ ...line, level, timestamp: new Date().toISOString() })}\n`);
}

/** A log never throws: a task does not fail for what its author wrote down about it. */
function lineOf(fields: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(fields, shown);
  } catch {
    return JSON.stringify(
      mapFields(fields, (value) => (isWritable(value) ? value : inspect(value))),
      shown,
    );
  }
}

function mapFields(
  fields: Readonly<Record<string, unknown>>,
  map: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, map(value)]));
}

function isWritable(value: unknown): boolean {
  try {
    JSON.stringify(value, shown);
    return true;
  } catch {
    return false;
  }
}

/** What JSON cannot say, or says nothing of: of an error it would leave `{}`. */
function shown(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { ...value, name, message, stack, ...(cause === undefined ? {} : { cause }) };
}

/** A log that puts the given ids into each of its lines. */
export function taskLog(
  ids: Readonly<Record<string, string | number>>,
  write: (line: LogFields) => void,
): TaskLog {
  const at =
    (level: LogFields['level']) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
      write({ ...fields, ...ids, level, message });
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
