import { describe, expect, it } from '@jest/globals';
import type { ClientsEnd, FailureWindow } from '../../src/core/failure-window.ts';
import { endsIn, reasonToClose, withEnds } from '../../src/core/failure-window.ts';
import { DEFAULT_RULE } from '../../src/core/quarantine.ts';
import { seconds } from './vocabulary.ts';

const rule = DEFAULT_RULE;

const failed = (order: string, at = 0, client = ''): ClientsEnd => ({ client, at, order });
const worked = (at = 0, client = ''): ClientsEnd => ({ client, at });
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const reason = (ends: readonly ClientsEnd[], now = 0) =>
  reasonToClose(withEnds({}, ends, rule, now), rule);

describe('a plugin is to be held back', () => {
  it('when half of its latest attempts failed, of five orders', () => {
    const fives = [...many(5, (n) => failed(`o${n}`)), ...many(5, () => worked())];
    expect(reason(fives)).toBe('5 of its latest 10 attempts failed');
    expect(reason([...fives, worked()])).toBeUndefined();
  });

  it('when its rule asks for many orders, which count with as many others', () => {
    const strict = { ...rule, minimumOrders: 15 };
    const ends = [...many(15, (n) => failed(`o${n}`, n)), ...many(15, (n) => worked(100 + n))];
    expect(reasonToClose(withEnds({}, ends, strict, 200), strict)).toBe(
      '15 of its latest 30 attempts failed',
    );
  });

  it('when the latest attempts failed, whichever clients they were for', () => {
    const ends = [
      ...many(20, (n) => worked(n, 'a')),
      ...many(10, (n) => failed(`b${n}`, 100 + 2 * n, 'b')),
      ...many(10, (n) => failed(`c${n}`, 101 + 2 * n, 'c')),
    ];
    expect(reason(ends, 200)).toBe('20 of its latest 20 attempts failed');
  });

  it('when all goes wrong at once after thousands of attempts that worked', () => {
    const before = withEnds(
      {},
      many(5000, (n) => worked(n)),
      rule,
      5000,
    );
    const after = withEnds(
      before,
      many(10, (n) => failed(`o${n}`, 5001 + n)),
      rule,
      5020,
    );
    expect(reasonToClose(after, rule)).toBe('10 of its latest 20 attempts failed');
  });
});

describe('a plugin is left open', () => {
  it('when one order fails again and again', () => {
    expect(reason(many(50, () => failed('o1')))).toBeUndefined();
    expect(reason(many(50, (n) => failed(`o${n % 4}`)))).toBeUndefined();
  });

  it("when one client's orders fail, and those of the others do not", () => {
    const bad = many(100, (n) => failed(`bad${n}`, 10 + n, 'bad'));
    expect(reason(bad)).toBeDefined();
    expect(reason([worked(0, 'good'), ...bad])).toBeUndefined();
    expect(reason([failed('g', 0, 'good'), ...bad])).toBeDefined();
  });

  it('when that client is not the only one whose orders fail', () => {
    const few = many(2, (n) => failed(`few${n}`, n, 'few'));
    const bad = many(14, (n) => failed(`bad${n}`, 10 + n, 'bad'));
    const good = many(4, (n) => worked(30 + n, 'good'));
    expect(reason([...few, ...bad, ...good], 40)).toBeUndefined();
  });

  it('when its failures lie further apart than its window is long', () => {
    const apart = many(20, (n) => failed(`o${n}`, seconds(100 * n)));
    expect(reason(apart, seconds(1900))).toBeUndefined();
  });
});

describe('a window', () => {
  it('holds what has ended within its length, to the millisecond', () => {
    const held = (now: number) => endsIn(withEnds({}, [failed('o', 0)], rule, now)).length;
    expect([held(seconds(300)), held(seconds(300) + 1)]).toEqual([1, 0]);
  });

  it('holds the latest ends of a client, the oldest first, in whatever order they were told', () => {
    const ends = many(400, (n) => (n % 2 === 0 ? failed(`o${n % 64}`, n) : worked(n)));
    const window = withEnds({}, ends, rule, 400);
    const instants = (window[''] ?? []).map(({ at }) => at);
    expect(instants).toHaveLength(20);
    expect(instants).toEqual([...instants].sort((a, b) => a - b));
    expect(instants.at(-1)).toBe(399);
    expect(withEnds({}, ends.toReversed(), rule, 400)).toEqual(window);
  });

  it('tells those clients apart whose latest ends are the latest of all', () => {
    const others = many(20, (n) => worked(1 + n, `c${n + 1}`));
    const window = withEnds({}, [worked(0, 'old'), ...others, worked(1000, 'old')], rule, 1000);
    expect(Object.keys(window)).toHaveLength(20);
    expect(window).toHaveProperty('old');
    expect(window).toHaveProperty('c20');
    expect(window).not.toHaveProperty('c1');
  });
});

it('what is told in parts comes to the same as what is told at once, and stays small', () => {
  const ends = many(400, (n) =>
    n % 3 === 0 ? failed(`o${n % 60}`, n, `c${n % 30}`) : worked(n, `c${n % 30}`),
  );
  const whole = withEnds({}, ends, rule, 400);
  const parts = ends.reduce<FailureWindow>((window, end) => withEnds(window, [end], rule, 400), {});
  expect(reasonToClose(parts, rule)).toEqual(reasonToClose(whole, rule));
  expect(Object.keys(parts).length).toBeLessThanOrEqual(20);
  for (const list of Object.values(parts)) expect(list.length).toBeLessThanOrEqual(20);
});
