import type { Task } from 'batonflow/sdk';
import type { Assessment, Level } from './assessment.ts';

/** Who is told at each level, and how. */
const RECIPIENTS: Readonly<Record<Level, readonly (readonly [channel: string, to: string])[]>> = {
  low: [['email', 'site-manager']],
  guarded: [['push', 'control-room']],
  elevated: [
    ['push', 'control-room'],
    ['sms', 'shift-leader'],
  ],
  high: [
    ['push', 'control-room'],
    ['sms', 'shift-leader'],
    ['call', 'police-liaison'],
  ],
};

interface Notification {
  /** The same whenever the task is performed again, so that a gateway sends it once. */
  readonly id: string;
  readonly channel: string;
  readonly to: string;
  readonly text: string;
}

/** The notifications that an event calls for. */
export function composeNotifications(
  { eventId, level, headline, action, respondWithinMinutes }: Assessment,
  { orderId, job }: Pick<Task, 'orderId' | 'job'>,
): { eventId: string; notifications: readonly Notification[] } {
  const text = `[${level.toUpperCase()}] ${headline}. ${action} within ${respondWithinMinutes} min.`;
  return {
    eventId,
    notifications: RECIPIENTS[level].map(([channel, to]) => ({
      id: `${orderId}/${job}/${channel}`,
      channel,
      to,
      text,
    })),
  };
}
