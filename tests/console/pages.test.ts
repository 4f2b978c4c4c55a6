import { describe, expect, it } from '@jest/globals';
import { type Shown, withNewest, withOlder } from '../../src/console/orders/join-pages.ts';

interface Row {
  readonly orderId: string;
  readonly acceptedAt: string;
  readonly status?: string;
}

/** Orders by number: the higher, the newer. */
const row = (number: number, status = 'running'): Row => ({
  orderId: `o-${String(number).padStart(4, '0')}`,
  acceptedAt: `2026-01-01T00:00:00.${String(Math.floor(number / 10)).padStart(3, '0')}Z`,
  status,
});

/** A page of the given orders; there are others behind it. */
const page = (...numbers: number[]) => {
  const orders = numbers.map((number) => row(number));
  return {
    orders,
    next: `after ${numbers.at(-1)}`,
    searched: { backTo: orders.at(-1)?.acceptedAt },
  };
};

const from = (newest: number, count: number) =>
  Array.from({ length: count }, (_, index) => newest - index);

const numbersOf = ({ rows }: Shown<Row>) => rows.map(({ orderId }) => Number(orderId.slice(2)));

describe('the list of orders', () => {
  // Was: the orders that newer ones had pushed off the newest page stood nowhere, once an older page had been read.
  // Now: they stand behind it.
  it('keeps what newer orders push off the newest page', () => {
    const read = withOlder(withNewest(undefined, page(9, 8, 7)), page(6, 5, 4));
    expect(numbersOf(withNewest(read, page(11, 10, 9)))).toEqual([11, 10, 9, 8, 7, 6, 5, 4]);
    expect(withNewest(read, page(11, 10, 9)).ends.at(-1)?.next).toBe('after 4');
  });

  it('keeps it also where nobody has looked back, and goes on behind it', () => {
    const later = withNewest(withNewest(undefined, page(9, 8, 7)), page(11, 10, 9));
    expect(numbersOf(later)).toEqual([11, 10, 9, 8, 7]);
    expect(later.ends.at(-1)?.next).toBe('after 7');
    expect(numbersOf(withOlder(later, page(6, 5)))).toEqual([11, 10, 9, 8, 7, 6, 5]);
  });

  it('shows an order once, as it was read last', () => {
    const read = withOlder(withNewest(undefined, page(9, 8)), page(8, 7));
    expect(numbersOf(read)).toEqual([9, 8, 7]);
    const again = { ...page(9, 8), orders: [row(9, 'failed'), row(8)] };
    expect(withNewest(read, again).rows[0]?.status).toBe('failed');
  });

  it('loses an order that the newest page would have to show, and does not', () => {
    const read = withOlder(withNewest(undefined, page(9, 8, 7)), page(6, 5, 4));
    expect(numbersOf(withNewest(read, page(9, 7, 6)))).toEqual([9, 7, 6, 5, 4]);
  });

  it('stays as it is where nothing has changed, however often it is looked at', () => {
    const read = withOlder(withNewest(undefined, page(9, 8, 7)), page(6, 5, 4));
    const again = withNewest(withNewest(read, page(9, 8, 7)), page(9, 8, 7));
    expect(again).toEqual(withNewest(read, page(9, 8, 7)));
    expect(numbersOf(again)).toEqual([9, 8, 7, 6, 5, 4]);
  });

  it('says where orders are missing: more came in than a page holds', () => {
    const read = withOlder(withNewest(undefined, page(9, 8, 7)), page(6, 5, 4));
    const jumped = withNewest(read, page(99, 98, 97));
    expect(jumped.gapAfter).toBe('o-0097');
    expect(numbersOf(jumped)).toEqual([99, 98, 97, 9, 8, 7, 6, 5, 4]);
    expect(withNewest(jumped, page(100, 99, 98)).gapAfter).toBe('o-0097');
    expect(read.gapAfter).toBeUndefined();
    expect(withNewest(read, page(11, 10, 9)).gapAfter).toBeUndefined();
  });

  it('goes on where it has looked to, though it has found nothing', () => {
    const none = (backTo: string) => ({ orders: [] as Row[], next: backTo, searched: { backTo } });
    const read = withOlder(withNewest(undefined, none('2026-02-02')), none('2026-01-01'));
    expect(withNewest(read, none('2026-02-03')).ends.at(-1)?.next).toBe('2026-01-01');
  });

  it('is all that there is where the newest page is the last one', () => {
    const read = withNewest(undefined, page(9, 8, 7));
    expect(numbersOf(withNewest(read, { orders: [row(9)] }))).toEqual([9]);
  });

  it('whose order means nothing keeps the pages behind the newest one', () => {
    const unsorted = (...numbers: number[]) => ({ ...page(...numbers), searched: {} });
    const read = withOlder(withNewest(undefined, unsorted(1, 9)), unsorted(5, 3));
    expect(numbersOf(withNewest(read, unsorted(4, 9)))).toEqual([4, 9, 5, 3]);
  });

  it('does not grow without end while nobody looks back', () => {
    const looks = from(3000, 30).map((_, look) => page(...from(100 + 40 * look, 50)));
    const [first, ...others] = looks;
    const read = withOlder(withNewest(undefined, first ?? page()), page(...from(50, 50)));
    const grown = others.reduce((shown, one) => withNewest(shown, one), read);
    expect(grown.rows.length).toBeGreaterThan(500);
    expect(grown.rows.length).toBeLessThanOrEqual(600);
    expect(numbersOf(grown)).toEqual(from(100 + 40 * 29, grown.rows.length));
    expect(grown.ends.at(-1)?.next).toBe(`after ${numbersOf(grown).at(-1)}`);
  });
});
