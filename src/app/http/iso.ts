import type { Instant } from '../../core/json.ts';

/** An instant as answers of the API write it: `2026-11-26T07:15:00.000Z`. */
export function iso(instant: Instant): string {
  return new Date(instant).toISOString();
}
