import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** An attempt that failed, as the terminal tells it. */
export interface FailedAttempt {
  /** What went wrong and where: the same for every order that it happens to. */
  readonly what: string;
  /** Which attempt it was. */
  readonly which: string;
}

/** The line that the SDK logs: src/sdk/perform-task.ts. */
interface Logged {
  readonly message?: string;
  readonly orderId?: string;
  readonly job?: string;
  readonly attempt?: number;
  readonly code?: string;
  readonly retry?: string;
  readonly stack?: string;
  readonly at?: string;
}

/** The failed attempts in what a plugin wrote. @param folder from which files are named */
export function failedAttempts(text: string, folder: string): readonly FailedAttempt[] {
  return text
    .split('\n')
    .filter((line) => line.includes('"task failed"'))
    .flatMap((line) => {
      const logged = parse(line);
      return logged?.message === 'task failed' ? [describe(logged, folder)] : [];
    });
}

function parse(line: string): Logged | undefined {
  try {
    return JSON.parse(line) as Logged;
  } catch {
    return undefined;
  }
}

function describe(logged: Logged, folder: string): FailedAttempt {
  const { code, retry, stack = '', at, orderId, job, attempt } = logged;
  const [first = ''] = stack.split('\n');
  const message = first.includes(': ') ? first.slice(first.indexOf(': ')) : '';
  const place = placeIn(at ?? stack, folder);
  const where = place === undefined ? '' : `, at ${place}`;
  const end = retry === 'never' ? ', for good' : '';
  return {
    what: `failed${end}: ${code}${message}${where}`,
    which: `${job}, attempt ${attempt}, order ${orderId}`,
  };
}

/** A frame names a file, with letters of any kind, spaces and parentheses; in parentheses of its own if it names a function, too. */
const FRAME =
  /^\s*at (?:async )?(?:.*? \()??((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).*?):(\d+):\d+\)?$/gm;

/** File and line of the author's own code: neither Node's, nor a package's, nor Baton's. */
function placeIn(stack: string, folder: string): string | undefined {
  for (const [, url = '', line] of stack.matchAll(FRAME)) {
    const file = pathOf(url);
    if (/[\\/](?:node_modules|src[\\/]sdk)[\\/]/.test(file)) continue;
    const short = relative(folder, file);
    return `${short.startsWith('..') ? file : short}:${line}`;
  }
  return undefined;
}

/** A URL encodes what is no plain letter. */
function pathOf(url: string): string {
  try {
    return url.startsWith('file:') ? fileURLToPath(url) : url;
  } catch {
    return url;
  }
}
