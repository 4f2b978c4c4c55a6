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

/** Who asked: the page by itself, again and again; or a person, once, to see something or to have something done. */
export type Asked = 'again' | 'toSee' | 'toDo';

/** What to do where nobody knows whether it was done. */
const UNANSWERED: Readonly<Record<Asked, string>> = {
  again: 'The page asks again by itself.',
  toSee: 'Try again in a moment.',
  toDo: 'Nobody knows whether it was done, and the page does not repeat it by itself. Look, then ask again: if you change nothing, it is done once.',
};

/** What went wrong with a call, for people: a sentence, what to do, and the code at the side. */
export function problemWords(error: unknown, asked: Asked = 'again'): ProblemWords {
  if (error instanceof UnreachableError) {
    return {
      title: asked === 'again' ? 'Baton does not answer' : 'Baton did not answer',
      detail: UNANSWERED[asked],
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
  const advice = adviceFor(code, status, asked);
  const place = isNamed ? sentence(detail) : `${path}: ${detail}`;
  return {
    title: title ?? 'Baton refused this',
    detail: place,
    code,
    more: errors.slice(1).map(({ message }) => message),
    ...(advice !== undefined && { advice }),
  };
}

/** What the API says, as a sentence of its own: `There is no order o-1.` */
export function sentence(detail: string): string {
  return `${detail.charAt(0).toUpperCase()}${detail.slice(1).replace(/\.$/, '')}.`;
}

function adviceFor(code: string, status: number, asked: Asked): string | undefined {
  if (code === 'FORBIDDEN') return 'An operator’s token may. Ask for one, or sign in with another.';
  if (status >= 500) return UNANSWERED[asked];
  if (status === 429) return 'Nothing has changed. Try again in a moment.';
  if (code === 'NOT_FOUND') return 'It may have expired, or belong to another client.';
  return undefined;
}
