import { describe, expect, it } from '@jest/globals';
import { instantIn } from '../../src/core/instant.ts';
import type { Json } from '../../src/core/json.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  cancelRequested,
  deadlinePassed,
  dispatch,
  pauseRequested,
  plugins,
  resumeRequested,
  retryRequested,
  seconds,
  skipRequested,
  timer,
  workflow,
} from './vocabulary.ts';

const at = (count: number) => new Date(seconds(count)).toISOString();

const until = (waitUntil: string, input: Json = null) => ({
  workflow: workflow({ pre: [{ waitUntil }, 'A'] }),
  plugins: plugins('A'),
  input,
});

describe('a wait until an instant', () => {
  it('ends then', async () => {
    await given(until(at(500)))
      .when(accepted())
      .then({ status: 'waiting', commands: [{}, timer(seconds(500))] });
    await given(until(at(500)), accepted())
      .when(deadlinePassed(seconds(500)))
      .then({ status: 'running', commands: [{ type: 'ArmDeadline' }, dispatch('A')] });
  });

  it('may take the instant from the order, with whatever offset it has', async () => {
    await given(until('payload.due', { due: '1970-01-01T01:10:00+01:00' }))
      .when(accepted())
      .then({ status: 'waiting', state: { stage: { tasks: [{ until: seconds(600) }, {}] } } });
  });

  it('that has gone by is none', async () => {
    for (const gone of [at(0), at(5), '1969-12-31T00:00:00Z']) {
      await given(until(gone))
        .when(accepted(seconds(5)))
        .then({ status: 'running', commands: [{}, dispatch('A')] });
    }
  });

  it('stands still while its order is paused, and then ends as much later', async () => {
    const order = given(until(at(500)), accepted(), pauseRequested(seconds(100)));
    await order
      .when(resumeRequested(seconds(300)))
      .then({ status: 'waiting', state: { stage: { tasks: [{ until: seconds(700) }, {}] } } });
  });

  it('is cancelled with its order', async () => {
    await given(until(at(500)), accepted())
      .when(cancelRequested(seconds(1)))
      .then({ status: 'cancelled' });
  });

  it.each([
    ['a text that is no instant', '"tomorrow"', 'it came to "tomorrow"; it must be an instant'],
    ['an instant without an offset', '"2026-12-24T18:00:00"', 'it came to "2026-12-24T18:00:00"'],
    ['nothing', 'payload.due', 'it came to null'],
    ['a number', '5', 'it came to 5'],
    ['an error', '$error("no")', 'no'],
  ])('fails its order for %s', async (_, expression, why) => {
    const { state } = await given(until(expression, {}), accepted()).told();
    const message = expect.stringMatching(new RegExp(`^waitUntil: .*${why}`));
    const error = { code: 'EXPRESSION_FAILED', task: 'wait', attempt: 0, message };
    expect(state).toMatchObject({ status: 'failed', error });
  });

  it('is told apart from others that begin with it', async () => {
    const waits = [{ waitSeconds: 5 }, { waitUntil: 'payload' }, { waitUntil: at(7) }];
    const { state } = await given(
      { workflow: workflow({ parallel: waits }), input: at(6) },
      accepted(),
    ).told();
    expect(state).toMatchObject({
      stage: { tasks: [5, 6, 7].map((count) => ({ until: seconds(count) })) },
    });
  });

  it('says what its expression came to, of which it shows the beginning', async () => {
    const { state } = await given(until('payload', 'x'.repeat(99)), accepted()).told();
    const message = expect.stringContaining(`it came to "${'x'.repeat(59)}…; it must be`);
    expect(state).toMatchObject({ error: { message } });
  });

  it('of more than a year fails its order by name', async () => {
    const year = 366 * 86_400;
    for (const begins of [0, 5]) {
      await given(until(at(year + begins)))
        .when(accepted(seconds(begins)))
        .then({ status: 'waiting' });
    }
    const { state } = await given(until(at(year + 1)), accepted()).told();
    const message = 'waitUntil: 1971-01-02T00:00:01.000Z is more than a year away';
    expect(state).toMatchObject({ error: { code: 'WAIT_TOO_LONG', message } });
  });

  it('that failed is begun again by a retry, without an input, or skipped', async () => {
    const failed = [until('payload.due', {}), accepted()] as const;
    const again = retryRequested(seconds(9));
    const { state } = await given(...failed, again).told();
    expect(state).toMatchObject({ status: 'failed', entry: 2, error: { task: 'wait' } });
    await given(...failed)
      .when(retryRequested(seconds(9), { input: at(50) }))
      .thenNothingHappens('it has failed at a wait, which takes no input');
    await given(...failed)
      .when(skipRequested('wait', seconds(9)))
      .then({ status: 'running', commands: [{}, {}, dispatch('A')] });
  });
});

describe('an instant', () => {
  it.each([
    ['1970-01-01T00:00:01Z', 1000],
    ['1970-01-01T00:00:00.5Z', 500],
    ['1970-01-01T02:00+02:00', 0],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['1970-01-01T23:00:00+23:00', 0],
    ['1969-12-31T04:30-19:30', 0],
  ])('is %s', (text, instant) => {
    expect(instantIn(text)).toBe(instant);
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-02-31T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T00:00:00+24:00',
    'on 2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z or so',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01',
    ' ',
  ])('is not %s', (text) => {
    expect(instantIn(text)).toBeUndefined();
  });
});
