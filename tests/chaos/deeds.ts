import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../src/core/json.ts';
import type { EndingAfterUndo } from '../../src/core/order.ts';

interface Deed {
  readonly plugin: string;
  readonly orderId: string;
  /** With the order's id it is the key of the effect: whoever does it twice under one key has done it once. */
  readonly job: string;
  readonly attempt: number;
  readonly at: number;
  readonly input: Json;
}

export interface Done extends Deed {
  readonly deed: 'done';
  readonly result: Json;
}

export interface Undone extends Deed {
  readonly deed: 'undone';
  readonly result: Json;
  readonly ending: EndingAfterUndo;
}

/** The work was left to somebody who has the token. */
export interface Asked extends Deed {
  readonly deed: 'asked';
  readonly token: string;
}

export type AnyDeed = Done | Undone | Asked;

/** What the plugins have written down, in the order in which they did it. */
export function readDeeds(marks: string): readonly AnyDeed[] {
  try {
    const lines = readFileSync(join(marks, 'deeds.ndjson'), 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as AnyDeed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** An effect in the world, and its place among all. */
export type Effect<Kind extends Deed> = Kind & { readonly index: number };

/** The effects of one order, by job; a repeat under the same key has none. */
export interface Effects {
  readonly done: ReadonlyMap<string, Effect<Done>>;
  readonly undone: ReadonlyMap<string, Effect<Undone>>;
  /** Keys under which different things were asked for. */
  readonly conflicts: readonly string[];
}

/** What has really been done, by order. */
export function effectsOf(deeds: readonly AnyDeed[]): ReadonlyMap<string, Effects> {
  const orders = new Map<string, OfOrder>();
  for (const [index, deed] of deeds.entries()) {
    const { orderId, job } = deed;
    const order = orders.get(orderId) ?? nothing();
    orders.set(orderId, order);
    if (deed.deed === 'asked') continue;
    const first = deed.deed === 'done' ? order.done.get(job) : order.undone.get(job);
    if (first !== undefined && !isDeepStrictEqual(contentOf(first), contentOf(deed))) {
      order.conflicts.push(`${job} is ${deed.deed} twice, and otherwise the second time`);
    }
    if (first !== undefined) continue;
    if (deed.deed === 'done') order.done.set(job, { ...deed, index });
    else order.undone.set(job, { ...deed, index });
  }
  return orders;
}

export function nothing(): OfOrder {
  return { done: new Map(), undone: new Map(), conflicts: [] };
}

interface OfOrder {
  readonly done: Map<string, Effect<Done>>;
  readonly undone: Map<string, Effect<Undone>>;
  readonly conflicts: string[];
}

function contentOf({ input, result, plugin, ...deed }: Done | Undone): object {
  return { plugin, input, result, ...('ending' in deed && { ending: deed.ending }) };
}
