import type { Schedule } from '../messages.ts';

/** The order that a schedule would place, as a request in JSON. */
export function orderOfSchedule(schedule: Schedule): string {
  const { workflow, todo, client, input, attributes, pauseOnFailure } = schedule;
  return JSON.stringify({ workflow, todo, client, input, attributes, pauseOnFailure });
}
