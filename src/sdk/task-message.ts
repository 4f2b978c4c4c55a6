import type { Invitation, TaskMessage } from '../contract/messages.ts';

/** A message, and what of it concerns this plugin. */
export interface ReceivedTask {
  readonly message: TaskMessage;
  readonly invitation: Invitation;
}

/**
 * The task that a record of the plugin's queue holds, or the reason why it holds none. The orchestrator writes these
 * messages; the checks are for what else can get into a queue, and leave zod out of every plugin's bundle.
 */
export function readTaskMessage(body: string, plugin: string): ReceivedTask | string {
  const message = parseObject(body);
  if (message === undefined) return 'the body is no JSON object';
  if (typeof message.orderId !== 'string') return 'there is no orderId';
  if (!('input' in message)) return 'there is no input';
  const invited = message.invited;
  if (!isObject(invited) || !Object.hasOwn(invited, plugin)) {
    return `it does not invite the plugin ${plugin}`;
  }
  const invitation = invited[plugin];
  if (!isInvitation(invitation)) return 'its invitation is incomplete';
  return { message: message as unknown as TaskMessage, invitation };
}

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isInvitation(value: unknown): value is Invitation {
  return (
    isObject(value) &&
    typeof value.taskId === 'string' &&
    typeof value.job === 'string' &&
    typeof value.attempt === 'number' &&
    typeof value.deadlineAt === 'number'
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
