import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { definePlugin } from 'batonflow/sdk';

interface Payload {
  /** Of the text. */
  readonly bytes: number;
  /** Whether the text goes on as it is; otherwise each plugin answers with a new one. */
  readonly carried?: boolean;
  readonly text?: string;
  /** So long the plugin works on it. */
  readonly workMs?: number;
}

/** After a parallel stage it is the results of all, of which any will do. */
type Given = Payload | Readonly<Record<string, Payload>>;

export const step = definePlugin<Given, Payload>(async (given) => {
  const payload = ('bytes' in given ? given : Object.values(given)[0]) as Payload;
  if (payload.workMs !== undefined) await pause(payload.workMs);
  return payload.carried ? payload : { ...payload, text: text(payload.bytes) };
});

/** Hexadecimal digits: they pack to half, as business data in JSON does. */
function text(bytes: number): string {
  return randomBytes(Math.ceil(bytes / 2)).toString('hex');
}
