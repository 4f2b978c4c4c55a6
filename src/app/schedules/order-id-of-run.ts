import type { Instant } from '../../core/json.ts';

/** `nightly:20261126T0200Z`. Runs are planned to the minute, so that each has an id of its own. */
const OF_RUN = /^[A-Za-z][A-Za-z0-9_-]{0,47}:\d{8}T\d{4}Z$/;

/** Whether the id is one that a schedule may give. */
export function isOrderIdOfRun(orderId: string): boolean {
  return OF_RUN.test(orderId);
}

export function orderIdOfRun(schedule: string, at: Instant): string {
  const minute = new Date(at).toISOString().slice(0, '2026-11-26T02:00'.length);
  return `${schedule}:${minute.replace(/[-:]/g, '')}Z`;
}
