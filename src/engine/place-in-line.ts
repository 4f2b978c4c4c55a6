import { createHash } from 'node:crypto';
import type { DispatchTask } from '../core/command.ts';
import type { Json } from '../core/json.ts';
import type { Plugin } from '../core/plugin.ts';
import type { PlaceInLine } from '../ports/messenger.ts';

const PREFIX = 'attributes.';

/**
 * Where a task stands in the queue of an ordered plugin; `undefined` for any other plugin. An order without the attribute is in line with
 * nobody else. Sent again, the attempt is the same message: the queue drops the second one for five minutes, which is right, since what was
 * taken from the queue and has to come again is sent as another attempt.
 */
export function placeInLine(
  { orderId, taskId, attempt, attributes }: DispatchTask,
  { ordered }: Pick<Plugin, 'ordered'>,
): PlaceInLine | undefined {
  if (ordered === undefined) return undefined;
  const value = attributes[ordered.slice(PREFIX.length)];
  const line = value === undefined ? { orderId } : { value };
  return { line: hashOf(line), message: hashOf({ orderId, taskId, attempt }) };
}

/** Letters and digits, whatever is in it: SQS takes no blanks, and 128 characters at most. */
function hashOf(value: Json): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
