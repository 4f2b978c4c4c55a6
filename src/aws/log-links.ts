import type { LoggedAttempt, LogLinks } from '../ports/log-links.ts';

/** Clocks differ, and a crash is written down after it happened. */
const AROUND_MS = 30_000;

/** What is under way, or whose end nobody knows, is looked for this long. */
const LONGEST_MS = 3_600_000;

/** Lines that carry no order's id, such as those of a crash, are found by their instance. */
const COLUMNS = 'fields @timestamp, level, message, code, @message';

/** Links to CloudWatch Logs Insights, with the query filled in. @param region as Lambda names it; undefined on an imitation of AWS */
export function createLogLinks(region: string | undefined): LogLinks {
  return {
    to(attempt) {
      if (region === undefined) return undefined;
      const { from, to = from + LONGEST_MS } = attempt;
      const detail = [
        `end~'${escaped(new Date(to + AROUND_MS).toISOString())}`,
        `start~'${escaped(new Date(from - AROUND_MS).toISOString())}`,
        "timeType~'ABSOLUTE~tz~'UTC",
        `editorString~'${escaped(queryFor(attempt))}`,
        `source~(~'${escaped(`/aws/lambda/${attempt.functionName}`)})`,
      ].join('~');
      // "?queryDetail=", as the console writes it into the part of its address behind the hash.
      const place = `#logsV2:logs-insights$3FqueryDetail$3D~(${detail})`;
      return `https://${region}.${hostOf(region)}/cloudwatch/home?region=${region}${place}`;
    },
  };
}

function queryFor({ instance, orderId }: LoggedAttempt): string {
  const filter =
    instance === undefined
      ? `filter orderId = ${JSON.stringify(orderId)}`
      : `filter @logStream like ${JSON.stringify(`]${instance}`)}`;
  return `${COLUMNS}\n| ${filter}\n| sort @timestamp`;
}

/** The console's own escapes: `*` and the two hexadecimal digits of whatever is no letter, digit, `-` or `.`. */
function escaped(text: string): string {
  const bytes = [...Buffer.from(text)].map((byte) => String.fromCharCode(byte));
  return bytes
    .map((one) =>
      /[\w.-]/.test(one) ? one : `*${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
    .join('');
}

/** Where the console of the region's partition is. */
function hostOf(region: string): string {
  if (region.startsWith('cn-')) return 'console.amazonaws.cn';
  if (region.startsWith('us-gov-')) return 'console.amazonaws-us-gov.com';
  return 'console.aws.amazon.com';
}
