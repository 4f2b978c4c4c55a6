/** One line of the log. It carries ids, never inputs or results. */
export interface LogFields {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly [field: string]: unknown;
}

/**
 * A log whose lines carry the ids of the task. It writes JSON to the console, which on Lambda is CloudWatch Logs.
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

/** Writes the line as JSON, the form that CloudWatch Logs Insights takes apart by itself. */
export function writeLine(line: LogFields): void {
  console[line.level](JSON.stringify(line));
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
