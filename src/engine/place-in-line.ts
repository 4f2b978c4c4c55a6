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
  task: DispatchTask,
  plugin: Pick<Plugin, 'ordered' | 'stateful'>,
): PlaceInLine | undefined {
  if (plugin.ordered === undefined) return undefined;
  const { orderId, taskId, attempt } = task;
  const session = sessionOf(task, plugin);
  const value = session ?? attributeOf(task, plugin.ordered);
  const line = value === undefined ? { orderId } : { value };
  return { line: hashOf(line), message: hashOf({ orderId, taskId, attempt }) };
}

/**
 * The session of a stateful plugin's task: its attribute as text, so that `5` and `"5"` are one session, and stand in one line. An order
 * without the attribute is a session of its own. `undefined` for any other plugin.
 */
export function sessionOf(
  task: Pick<DispatchTask, 'orderId' | 'attributes'>,
  { ordered, stateful }: Pick<Plugin, 'ordered' | 'stateful'>,
): string | undefined {
  if (stateful !== true || ordered === undefined) return undefined;
  const value = attributeOf(task, ordered) ?? task.orderId;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function attributeOf({ attributes }: Pick<DispatchTask, 'attributes'>, ordered: string) {
  return attributes[ordered.slice(PREFIX.length)];
}

/** Letters and digits, whatever is in it: SQS takes no blanks, and 128 characters at most. */
function hashOf(value: Json): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
