import { ArgumentError, RefusedError, UnreachableError } from '../../client/errors.ts';

export interface ProblemWords {
  readonly title: string;
  readonly detail: string;
  /** What one may do about it. */
  readonly advice?: string;
  /** For a report. */
  readonly code?: string;
  readonly more: readonly string[];
}

/** What went wrong with a call, for people: a sentence, what to do, and the code at the side. */
export function problemWords(error: unknown): ProblemWords {
  if (error instanceof UnreachableError) {
    return {
      title: 'Baton does not answer',
      detail: 'The page asks again by itself.',
      advice: 'Is it running? On your machine: npm start.',
      more: [],
    };
  }
  if (error instanceof ArgumentError) {
    return { title: 'This cannot be sent', detail: sentence(error.message), more: [] };
  }
  if (!(error instanceof RefusedError)) {
    return { title: 'This page failed', detail: 'Reload it, and report what you did.', more: [] };
  }
  const { code, detail, path, errors = [], status } = error.problem;
  const { title } = error.problem as { title?: string };
  const isNamed = path === undefined || detail.includes(path);
  const place = isNamed ? sentence(detail) : `${path}: ${detail}`;
  return {
    title: title ?? 'Baton refused this',
    detail: place,
    code,
    more: errors.slice(1).map(({ message }) => message),
    ...(adviceFor(code, status) && { advice: adviceFor(code, status) as string }),
  };
}

/** What the API says, as a sentence of its own: `There is no order o-1.` */
export function sentence(detail: string): string {
  return `${detail.charAt(0).toUpperCase()}${detail.slice(1).replace(/\.$/, '')}.`;
}

function adviceFor(code: string, status: number): string | undefined {
  if (code === 'FORBIDDEN') return 'An operator’s token may. Ask for one, or sign in with another.';
  if (status === 429 || status >= 500) return 'Nothing has changed. Try again in a moment.';
  if (code === 'NOT_FOUND') return 'It may have expired, or belong to another client.';
  return undefined;
}
