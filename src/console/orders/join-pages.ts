interface Row {
  readonly orderId: string;
  readonly acceptedAt: string;
}

/** A page as the API gives it. */
interface Page<One extends Row> {
  readonly orders: readonly One[];
  readonly next?: string | undefined;
  readonly searched?: { readonly backTo?: string | undefined } | undefined;
}

/** Where a page ended, and the list goes on from. */
interface End {
  /** The last row that stood before it. */
  readonly orderId: string | undefined;
  /** Where it stands in the list; undefined for a list whose order means nothing. */
  readonly place: string | undefined;
  readonly next: string | undefined;
  /** How far back the page has looked. */
  readonly backTo: string | undefined;
}

/** What a list shows: the newest page, and behind it older ones, and what newer orders have pushed off the newest page. */
export interface Shown<One extends Row> {
  readonly rows: readonly One[];
  /** Where pages have ended, from the newest to the oldest; the last one is the end of the list. */
  readonly ends: readonly End[];
  /** So many rows have been asked for: the newest page, and those that were looked back to. */
  readonly asked: number;
  /** The rows of the newest page. */
  readonly newest: number;
  /** Behind this row orders are missing: more came in between two looks than the newest page holds. */
  readonly gapAfter?: string | undefined;
}

/**
 * So many rows more than were asked for stay below when newer orders push them down. Those behind them are looked back to again: a page
 * that is left open does not grow all night.
 */
const SPARE = 500;

/** The list after another look at its newest page. No row leaves it but one that the newest page would have to show and does not. */
export function withNewest<One extends Row>(
  shown: Shown<One> | undefined,
  page: Page<One>,
): Shown<One> {
  const first = firstShown(page);
  const last = shown?.ends.at(-1);
  const reach = reachOf(page);
  if (shown === undefined || last === undefined) return first;
  if (reach !== undefined && last.place !== undefined && reach <= last.place) return first;
  const isKept = (row: One, index: number) =>
    reach === undefined ? index >= shown.newest : placeOf(row) < reach;
  const rows = joined(page.orders, shown.rows.filter(isKept));
  const [before] = shown.rows;
  const isGap = reach !== undefined && before !== undefined && placeOf(before) < reach;
  const gapAfter = isGap ? page.orders.at(-1)?.orderId : shown.gapAfter;
  const hasGap = rows.some(({ orderId }) => orderId === gapAfter);
  const [end] = first.ends;
  return cut({
    ...{ rows, newest: page.orders.length },
    ends: [
      ...first.ends,
      ...shown.ends.filter((one) => one === last || one.orderId !== end?.orderId),
    ],
    asked: Math.max(shown.asked, page.orders.length),
    ...(hasGap && { gapAfter }),
  });
}

/** The list with one more page at its end. */
export function withOlder<One extends Row>(shown: Shown<One>, page: Page<One>): Shown<One> {
  const rows = joined(shown.rows, page.orders);
  const asked = shown.asked + page.orders.length;
  return { ...shown, rows, asked, ends: [...shown.ends, endOf(page, rows)] };
}

/** Rows of two pages; an order that has moved from one to the other stands once, as the first has it. */
function joined<One extends Row>(first: readonly One[], second: readonly One[]): readonly One[] {
  const ids = new Set(first.map(({ orderId }) => orderId));
  return [...first, ...second.filter(({ orderId }) => !ids.has(orderId))];
}

function firstShown<One extends Row>(page: Page<One>): Shown<One> {
  const { orders: rows } = page;
  return { rows, ends: [endOf(page, rows)], asked: rows.length, newest: rows.length };
}

function endOf(page: Page<Row>, rows: readonly Row[]): End {
  const { next, searched } = page;
  return { orderId: rows.at(-1)?.orderId, place: reachOf(page), next, backTo: searched?.backTo };
}

/** Where a row stands in the list, as the API sorts it: the newest first. */
const placeOf = ({ acceptedAt, orderId }: Row) => `${acceptedAt}#${orderId}`;

/** The page holds all orders that match down to this place; undefined for a list in another order. */
function reachOf({ orders, next, searched }: Page<Row>): string | undefined {
  if (next === undefined) return '';
  const backTo = searched?.backTo;
  if (backTo === undefined) return undefined;
  const last = orders.at(-1);
  // It may have looked at some of those that were accepted in its last instant, but not at all of them.
  return last?.acceptedAt === backTo ? placeOf(last) : `${backTo}$`;
}

/** The list down to an end behind which nothing stands that was asked for. */
function cut<One extends Row>(shown: Shown<One>): Shown<One> {
  const { rows, ends, asked } = shown;
  const places = new Map(rows.map(({ orderId }, index) => [orderId, index]));
  const placeOfEnd = ({ orderId }: End) => places.get(orderId ?? '') ?? -1;
  const known = ends.filter((end) => placeOfEnd(end) >= 0 || end === ends.at(-1));
  const last = known.findLast((end) => placeOfEnd(end) >= 0 && placeOfEnd(end) < asked + SPARE);
  if (rows.length <= asked + SPARE || last === undefined) return { ...shown, ends: known };
  const left = known.slice(0, known.indexOf(last) + 1);
  return { ...shown, rows: rows.slice(0, placeOfEnd(last) + 1), ends: left };
}
