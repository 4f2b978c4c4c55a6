import { parseJson } from '../../contract/json-text.ts';
import { defined } from '../../core/defined.ts';
import type { DeadLetter } from '../../ports/dead-letters.ts';
import { iso } from '../http/iso.ts';

/** As much of a message as a list shows. Characters. */
const SHOWN = 500;

/** Lambda answers with 6 MB at most, and a message of 1 MB may grow as JSON in JSON. Characters. */
const SHOWN_WHOLE = 500_000;

/** One answer or nudge of a message: whose it is, as it says itself. Nobody has checked its signature. */
interface About {
  readonly type?: string;
  readonly orderId?: string;
  readonly plugin?: string;
  readonly taskId?: string;
  readonly attempt?: number;
}

/** A dead letter as a list shows it. */
export function viewLetter({ id, sentAt, body }: DeadLetter): object {
  const text = withoutSignatures(body);
  return {
    ...{ id, sentAt: iso(sentAt), bytes: Buffer.byteLength(body), about: aboutOf(body) },
    body: text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`,
  };
}

export function viewWholeLetter(letter: DeadLetter): object {
  const body = withoutSignatures(letter.body);
  const shown = body.length <= SHOWN_WHOLE ? body : `${body.slice(0, SHOWN_WHOLE - 1)}…`;
  return { ...viewLetter(letter), body: shown.toWellFormed() };
}

/** A task's token is the authority to answer for it: without its last part it is none. */
function withoutSignatures(body: string): string {
  return body.replace(/("token"\s*:\s*"(?:[^".\\]+\.){4})[^"]*"/g, '$1…"').toWellFormed();
}

function aboutOf(body: string): readonly About[] {
  const message = ifJson(body);
  if (typeof message !== 'object' || message === null) return [];
  const { answers } = message as { answers?: unknown };
  return (Array.isArray(answers) ? answers : [message]).map(aboutOne);
}

function aboutOne(answer: unknown): About {
  const { type, orderId, token } = (answer ?? {}) as Readonly<Record<string, unknown>>;
  const [order, taskId, attempt, plugin] = typeof token === 'string' ? token.split('.') : [];
  const number = Number(attempt);
  return defined({
    type: textOf(type),
    orderId: textOf(order ?? orderId),
    taskId,
    plugin,
    attempt: Number.isInteger(number) ? number : undefined,
  }) as About;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The message may be a dead letter because it is no JSON. */
function ifJson(body: string): unknown {
  try {
    return parseJson(body, Infinity);
  } catch {
    return undefined;
  }
}
