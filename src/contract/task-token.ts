import { createHmac } from 'node:crypto';
import { isSignedByOne } from './signature.ts';

/** What a task token vouches for. */
export interface TaskClaim {
  readonly orderId: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly plugin: string;
}

/**
 * The key that a plugin signs its answers with. The orchestrator derives it from its master secret, which never leaves
 * it; the plugin gets its own key when it registers. So a message that is broadcast to many plugins carries no secret,
 * and a plugin can only answer for its own tasks.
 */
export function pluginKey(masterSecret: string, plugin: string): string {
  return createHmac('sha256', masterSecret).update(`plugin:${plugin}`).digest('base64url');
}

/** `order.task.attempt.plugin.signature`: proof that the plugin answers for a task of its own. */
export function signToken(claim: TaskClaim, key: string): string {
  const text = `${claim.orderId}.${claim.taskId}.${claim.attempt}.${claim.plugin}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

/** The claim of a token, or `undefined` when nobody who holds one of the plugin's keys signed it. */
export function readToken(
  token: string,
  keysOf: (plugin: string) => readonly string[],
): TaskClaim | undefined {
  const [orderId, taskId, attempt, plugin, signature, ...more] = token.split('.');
  if (!orderId || !taskId || !plugin || !signature || more.length > 0) return undefined;
  const claim = { orderId, taskId, attempt: Number(attempt), plugin };
  const isGenuine = isSignedByOne(token, keysOf(plugin), (key) => signToken(claim, key));
  return isGenuine ? claim : undefined;
}
