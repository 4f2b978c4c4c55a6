import type { Draft } from '../placing/draft.ts';
import { orderBody } from '../placing/order-body.ts';

export type Rhythm = 'cron' | 'every';

/** What the form of a new schedule holds, as it was typed. */
export interface ScheduleDraft extends Draft {
  readonly name: string;
  readonly rhythm: Rhythm;
  readonly cron: string;
  readonly timeZone: string;
  readonly every: string;
  readonly overlap: string;
  readonly catchUp: string;
}

/** The request as JSON text; the input goes as it was typed. @throws {Error} with a sentence for whoever typed it */
export function scheduleBody(draft: ScheduleDraft): string {
  const { rhythm, cron, every, overlap, catchUp } = draft;
  const timeZone = draft.timeZone.trim();
  const timing =
    rhythm === 'cron'
      ? { cron: cron.trim(), ...(timeZone !== '' && { timeZone }) }
      : { every: every.trim() };
  const own = JSON.stringify({ ...timing, overlap, catchUp });
  return `${own.slice(0, -1)},${orderBody(draft).slice(1)}`;
}
