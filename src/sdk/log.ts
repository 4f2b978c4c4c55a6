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
  write(`${JSON.stringify({ ...line, level, timestamp: new Date().toISOString() })}\n`);
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
