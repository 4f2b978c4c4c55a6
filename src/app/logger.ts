type Fields = Readonly<Record<string, unknown>>;

export interface Logger {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** `SILENT` for tests that break things on purpose. Default `INFO`. */
  setLogLevel(level: 'INFO' | 'SILENT'): void;
}

/**
 * Structured logs: ids, codes and counts, never payloads. A line is JSON with `level` and `timestamp`, by which Lambda tells what the
 * function's log level lets through. It does not go through `console`, which Lambda would wrap in JSON once more.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
export function createLogger(
  write: (line: string) => void = (line) => void process.stdout.write(line),
): Logger {
  let isSilent = false;
  const at =
    (level: string) =>
    (message: string, fields: Fields = {}) => {
      if (isSilent) return;
      const line = { level, message, timestamp: new Date().toISOString(), service: 'baton' };
      write(`${textOf({ ...line, ...fields }) ?? textOf(line)}\n`);
    };
  return {
    info: at('INFO'),
    warn: at('WARN'),
    error: at('ERROR'),
    setLogLevel: (level) => {
      isSilent = level === 'SILENT';
    },
  };
}

export const logger = createLogger();

/** Undefined for what JSON cannot say: an error may lead back to itself. */
function textOf(line: Fields): string | undefined {
  try {
    return JSON.stringify(line, errorsAsObjects);
  } catch {
    return undefined;
  }
}

/** JSON leaves out what an error says. */
function errorsAsObjects(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Error)) return value;
  // An error of the AWS SDK carries the whole response.
  const { name, message, stack, cause, $response: _response, ...own } = value as Error & Fields;
  return { name, message, stack, ...(cause !== undefined && { cause }), ...own };
}
