import type { Instant } from './json.ts';
import { millisecondsOf } from './json.ts';
import type { QuarantineRule } from './quarantine.ts';

/** How an attempt ended: it failed, if it names its order; else it worked. */
export interface AttemptEnd {
  readonly at: Instant;
  readonly order?: string;
}

/** The end of an attempt, and whose order it was about: '' for one of no client. */
export interface ClientsEnd extends AttemptEnd {
  readonly client: string;
}

/** By client: how the latest attempts of one plugin ended, oldest first. */
export type FailureWindow = Readonly<Record<string, readonly AttemptEnd[]>>;

/** How many attempts decide, at most; more where the rule asks for more orders: twice as many as those. */
const LATEST = 20;

/** Clients that are told apart. */
const MOST_CLIENTS = 20;

function latest({ minimumOrders }: QuarantineRule): number {
  return Math.max(LATEST, 2 * minimumOrders);
}

/** The ends that a window holds. */
export function endsIn(window: FailureWindow): readonly ClientsEnd[] {
  return Object.entries(window).flatMap(([client, list]) =>
    list.map((end): ClientsEnd => ({ client, ...end })),
  );
}

/** The window with more ends, without those that are too old or too many to matter. An order that fails again counts once. */
export function withEnds(
  window: FailureWindow,
  ends: readonly ClientsEnd[],
  rule: QuarantineRule,
  now: Instant,
): FailureWindow {
  const since = now - millisecondsOf(rule.windowSeconds);
  const sorted = [...endsIn(window), ...ends]
    .filter(({ at }) => at >= since)
    .sort((a, b) => a.at - b.at);
  const lastOf = new Map(sorted.map(({ order }, index) => [order, index]));
  const once = sorted.filter(
    ({ order }, index) => order === undefined || lastOf.get(order) === index,
  );
  const byClient = [...Map.groupBy(once, ({ client }) => client)]
    .sort(([, a], [, b]) => endOf(b) - endOf(a))
    .slice(0, MOST_CLIENTS);
  return Object.fromEntries(
    byClient.map(([client, list]) => [
      client,
      list.slice(-latest(rule)).map(({ client: _, ...end }) => end),
    ]),
  );
}

/** When the latest of them was. */
function endOf(ends: readonly AttemptEnd[]): Instant {
  return Math.max(...ends.map(({ at }) => at));
}

/**
 * Why a plugin whose attempts ended so is to be held back; `undefined` if it is not. Of its latest attempts too many must have failed, of
 * enough orders; and where more than one client is served, of the attempts for all but the one that fails most, too: so that no client's
 * bad orders close the plugin for the others.
 */
export function reasonToClose(window: FailureWindow, rule: QuarantineRule): string | undefined {
  const ends = endsIn(window);
  const all = latestOf(ends, rule);
  const failed = all.filter(hasFailed);
  if (failed.length < rule.minimumOrders || !isTooMany(all, rule)) return undefined;
  const byClient = Map.groupBy(failed, ({ client }) => client);
  const [worst] = [...byClient]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([client]) => client);
  const others = latestOf(
    ends.filter(({ client }) => client !== worst),
    rule,
  );
  if (!isTooMany(others, rule)) return undefined;
  return `${failed.length} of its latest ${all.length} attempts failed`;
}

function latestOf(ends: readonly ClientsEnd[], rule: QuarantineRule): readonly ClientsEnd[] {
  return ends.toSorted((a, b) => a.at - b.at).slice(-latest(rule));
}

function hasFailed({ order }: AttemptEnd): boolean {
  return order !== undefined;
}

/** Of no attempts at all, none is too many. */
function isTooMany(ends: readonly AttemptEnd[], { failureRatio }: QuarantineRule): boolean {
  return ends.filter(hasFailed).length >= failureRatio * ends.length;
}
