import * as paths from '../../client/paths.ts';
import type { Act } from './possible-acts.ts';

/** What the dialog holds, as it was typed. */
export interface ActDraft {
  readonly reason: string;
  /** JSON for the task that is retried; undefined: as it was. */
  readonly input?: string | undefined;
  readonly isLatest: boolean;
  readonly task: string;
  /** JSON that a skipped task counts as having given; empty: nothing. */
  readonly result: string;
  readonly undoes: boolean;
}

export const BLANK_ACT: ActDraft = {
  ...{ reason: '', isLatest: false, task: '', result: '', undoes: true },
};

/** The body of the request as JSON text; JSON that was typed goes as it was typed. @throws {Error} with a sentence */
export function actRequest(act: Act, draft: ActDraft): string {
  const fields = [...ownFields(act, draft), ...text('reason', draft.reason.trim())];
  return `{${fields.join(',')}}`;
}

function ownFields(act: Act, draft: ActDraft): readonly string[] {
  switch (act) {
    case 'retry':
      return [
        ...(draft.input === undefined ? [] : json('input', draft.input, 'The input')),
        ...(draft.isLatest ? ['"version":"latest"'] : []),
      ];
    case 'skip': {
      if (draft.task === '') throw new Error('Choose the task to skip.');
      const result = draft.result.trim();
      return [
        ...text('task', draft.task),
        ...(result === '' ? [] : json('result', result, 'The result')),
      ];
    }
    case 'cancel':
      return draft.undoes ? [] : ['"undo":false'];
    case 'cancelTask':
      if (draft.task === '') throw new Error('Choose the task to cancel.');
      return [];
    case 'pause':
    case 'resume':
      return [];
  }
}

/** Where the request goes. */
export function actPath(orderId: string, act: Act, { task }: Pick<ActDraft, 'task'>): string {
  return act === 'cancelTask' ? paths.cancelOfTask(orderId, task) : paths.act(orderId, act);
}

/** The call as the API names it. */
export function callOf(act: Act): `POST /${string}` {
  return `POST /orders/{orderId}/${act === 'cancelTask' ? 'tasks/{job}/cancel' : act}`;
}

const text = (name: string, value: string) =>
  value === '' ? [] : [`"${name}":${JSON.stringify(value)}`];

function json(name: string, value: string, what: string): readonly string[] {
  try {
    JSON.parse(value);
  } catch {
    throw new Error(`${what} is not JSON. A text stands in quotes: "five".`);
  }
  return [`"${name}":${value}`];
}
