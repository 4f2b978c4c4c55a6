import type { Invitation, StoredTaskMessage, TaskMessage } from '../contract/messages.ts';
import type { PayloadRef } from '../contract/payloads.ts';

/** A message, and what of it concerns this plugin. */
export interface ReceivedTask {
  readonly message: TaskMessage | StoredTaskMessage;
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
  if (!('input' in message || isRef(message.stored))) return 'there is no input';
  const invited = message.invited;
  if (!isObject(invited) || !Object.hasOwn(invited, plugin)) {
    return `it does not invite the plugin ${plugin}`;
  }
  const invitation = invited[plugin];
  if (!isInvitation(invitation)) return 'its invitation is incomplete';
  return { message: message as unknown as ReceivedTask['message'], invitation };
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

function isRef(value: unknown): value is PayloadRef {
  return isObject(value) && typeof value.sha256 === 'string' && typeof value.bytes === 'number';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
