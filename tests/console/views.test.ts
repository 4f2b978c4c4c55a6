import { describe, expect, it } from '@jest/globals';
import { filterText } from '../../src/console/orders/filter.ts';
import { instantOf, localTimeOf } from '../../src/console/orders/local-time.ts';
import { isSameFilter, readViews, withView } from '../../src/console/orders/view.ts';

const failed = { status: 'failed', 'attribute.customer': 'acme' };

describe('the views that a browser keeps', () => {
  it('are by name, and one of the same name is replaced', () => {
    const views = [
      { name: 'mine', filter: failed },
      { name: 'all', filter: {} },
    ];
    const kept = views.reduce(withView, []);
    expect(kept.map(({ name }) => name)).toEqual(['all', 'mine']);
    expect(withView(kept, { name: 'mine', filter: { stuck: 'true' } })).toEqual([
      { name: 'all', filter: {} },
      { name: 'mine', filter: { stuck: 'true' } },
    ]);
  });

  it('are read as far as they can be', () => {
    const view = { name: 'mine', filter: failed };
    expect(readViews(JSON.stringify([view, { name: 5 }, null, 'x']))).toEqual([view]);
    for (const text of [null, '', '{', '{}', '5']) expect(readViews(text)).toEqual([]);
  });

  it('are the same in whatever order they say what they look for', () => {
    expect(isSameFilter(failed, { 'attribute.customer': 'acme', status: 'failed' })).toBe(true);
    expect(isSameFilter({ status: ['failed', 'paused'] }, { status: ['paused', 'failed'] })).toBe(
      true,
    );
    expect(isSameFilter(failed, { status: 'failed' })).toBe(false);
  });
});

it('a filter is named by what it looks for', () => {
  const filter = { status: ['failed', 'paused'], errorCode: 'E', 'attribute.customer': 'acme' };
  expect(filterText(filter)).toBe('status failed or paused, error E, customer = acme');
  expect(filterText({ pausedBy: 'op-1' })).toBe('paused by op-1');
});

it("an instant is shown by the reader's clock, to the minute, and sent in UTC", () => {
  const instant = new Date(2026, 2, 29, 14, 5).toISOString();
  expect(localTimeOf(instant)).toBe('2026-03-29T14:05');
  expect(instantOf('2026-03-29T14:05')).toBe(instant);
  expect([localTimeOf(''), localTimeOf('soon'), instantOf('')]).toEqual(['', '', '']);
});
