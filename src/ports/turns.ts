import type { Instant } from '../core/json.ts';
import type { PlaceInWait, Sharer, Turn } from '../core/turns.ts';

/** What is known of one client at one plugin. */
export interface SharedTurns {
  /** Those that are taken. */
  readonly taken: readonly Turn[];
  /** Somebody waits, or has waited a moment ago; whoever has come last is named. */
  readonly waiting?: string;
  /** Those for which no entry was found, and since when. */
  readonly doubted?: { readonly turns: readonly Turn[]; readonly since: Instant };
}

/**
 * Plugins may take so many tasks of one client at once. Here stand the turns that tasks have, and those tasks that wait for one: by plugin and
 * client. Every act may be repeated.
 */
export interface Turns {
  /**
   * Takes as many of the turns of one sharer as there is room for, the first ones first. Whoever comes takes none while somebody waits; `inLine`
   * takes them for those whose turn it is. Nobody doubts them any more.
   * @returns those that are taken now, or were before
   */
  take(turns: readonly Turn[], most: number, inLine?: true): Promise<readonly Turn[]>;
  /** Gives the turns of one sharer back. @returns what is left */
  giveBack(turns: readonly Turn[]): Promise<SharedTurns>;
  /** Says that there is no entry for these turns, and for no others than these. */
  doubt(of: Sharer, turns: readonly Turn[], since: Instant): Promise<void>;
  /** Gives those of them back that nobody has taken since. @returns what is left */
  giveBackDoubted(turns: readonly Turn[]): Promise<SharedTurns>;
  /** The task waits for a turn from now on: until `nobodyWaits`, nobody overtakes it. */
  wait(place: PlaceInWait): Promise<SharedTurns>;
  /** It waits there no longer. */
  leave(place: PlaceInWait): Promise<void>;
  /** So many of those who wait, those that have waited longest first. As of now. */
  first(of: Sharer, count: number): Promise<readonly PlaceInWait[]>;
  /** Nobody waits any more, unless somebody has come since this was said of whoever waits. */
  nobodyWaits(of: Sharer, waiting: string): Promise<void>;
  /** As of now. */
  of(sharer: Sharer): Promise<SharedTurns>;
  /** Of all clients of the plugin that have turns, or wait for one. */
  atPlugin(plugin: string): Promise<readonly (Sharer & SharedTurns)[]>;
  /** Forgets the sharer if it has no turn and nobody waits. */
  forget(of: Sharer): Promise<void>;
  /** How many tasks wait. Exact up to 10,000. */
  countWaiting(of: Sharer): Promise<number>;
}
