import type { Task } from 'batonflow/sdk';
import type { Assessment } from './assessment.ts';

/** The line of the daily report that an event gets. */
export function writeReport(
  { eventId, level, headline, action, occurredAt }: Assessment,
  { orderId, job, workflow }: Pick<Task, 'orderId' | 'job' | 'workflow'>,
) {
  return {
    recordId: `${orderId}/${job}`,
    /** The report's day, in UTC. */
    day: new Date(occurredAt).toISOString().slice(0, 10),
    eventId,
    workflow,
    level,
    summary: `${headline} (${action.toLowerCase()})`,
  };
}
