import { describe, expect, it } from '@jest/globals';
import type { Schedule, ScheduleSummary } from '../../src/console/messages.ts';
import { orderOfSchedule } from '../../src/console/schedules/order-of-schedule.ts';
import { type ScheduleDraft, scheduleBody } from '../../src/console/schedules/schedule-draft.ts';
import {
  orderedText,
  outcomeReason,
  outcomeWords,
  timingText,
} from '../../src/console/schedules/schedule-words.ts';
import { at } from './orders.ts';

const schedule = (fields: object) => ({ name: 'nightly', ...fields }) as unknown as ScheduleSummary;

describe('a schedule in words', () => {
  it.each([
    [{ cron: '0 2 * * *', timeZone: 'Europe/Berlin' }, '0 2 * * * in Europe/Berlin'],
    [{ cron: '@daily' }, '@daily in UTC'],
    [{ every: 5400 }, 'every 1 h 30 min'],
  ])('%j runs: %s', (fields, text) => {
    expect(timingText(schedule(fields))).toBe(text);
  });

  it.each([
    [{ workflow: 'greet' }, 'greet'],
    [{ todo: ['A', ['B', 'C']] }, 'A, then B and C'],
    [{ client: 'acme' }, 'what is agreed with acme'],
  ])('%j orders: %s', (fields, text) => {
    expect(orderedText(schedule(fields))).toBe(text);
  });

  it('says why a run placed no order', () => {
    expect(outcomeReason({ at: at(0), outcome: 'skipped' })).toContain('had not ended');
    expect(outcomeReason({ at: at(0), outcome: 'missed' })).toContain('was not there');
    expect(outcomeReason({ at: at(0), outcome: 'refused', reason: 'no A' })).toBe('no A');
    expect(outcomeReason({ at: at(0), outcome: 'placed' })).toBeUndefined();
    expect(outcomeWords('put off' as 'placed').word).toBe('put off');
  });
});

it('the order that is placed now is the one that the schedule would place', () => {
  const placed = orderOfSchedule({
    ...{ name: 'nightly', status: 'active', todo: ['A'], input: 5, attributes: { kind: 'x' } },
    ...{ every: 60, overlap: 'skip', catchUp: 'last', nextRuns: [], runs: [] },
  } as Schedule);
  expect(JSON.parse(placed)).toEqual({ todo: ['A'], input: 5, attributes: { kind: 'x' } });
});

describe('a new schedule', () => {
  const draft: ScheduleDraft = {
    ...{ name: 'nightly', kind: 'todo', workflow: '', todo: 'A;B', input: '5', attributes: '' },
    ...{ rhythm: 'cron', cron: ' 0 2 * * * ', timeZone: 'Europe/Berlin', every: '15m' },
    ...{ overlap: 'queue', catchUp: 'none' },
  };
  const order = { input: 5, todo: ['A', 'B'], attributes: {} };

  it('has either times of the clock or a distance', () => {
    expect(JSON.parse(scheduleBody(draft))).toEqual({
      ...{ cron: '0 2 * * *', timeZone: 'Europe/Berlin', overlap: 'queue', catchUp: 'none' },
      ...order,
    });
    expect(JSON.parse(scheduleBody({ ...draft, rhythm: 'every' }))).toEqual({
      ...{ every: '15m', overlap: 'queue', catchUp: 'none' },
      ...order,
    });
  });

  it('sends its input as it was typed', () => {
    expect(scheduleBody({ ...draft, input: '12345678901234567890' })).toContain(
      '"input":12345678901234567890',
    );
    expect(() => scheduleBody({ ...draft, input: 'five' })).toThrow('The input is not JSON');
  });
});
