import type { Instant } from '../../src/core/json.ts';

/** Something that is to happen at an instant. */
export interface Planned {
  readonly at: Instant;
  /** Of two things at one instant, the one that was planned first happens first. */
  readonly sequence: number;
  /** Whether code that waits for promises goes on because of it. */
  readonly wakes: boolean;
  readonly run: () => void;
  isOff: boolean;
}

/** A binary heap: what comes next is found in logarithmic time, so that a run stays linear in its orders. */
export class EventHeap {
  readonly #items: Planned[] = [];

  get size(): number {
    return this.#items.length;
  }

  peek(): Planned | undefined {
    return this.#items[0];
  }

  push(item: Planned): void {
    const items = this.#items;
    let index = items.length;
    items.push(item);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = items[parent] as Planned;
      if (isBefore(above, item)) break;
      items[index] = above;
      index = parent;
    }
    items[index] = item;
  }

  pop(): Planned | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= items.length) break;
      const right = left + 1;
      const child =
        right < items.length && isBefore(items[right] as Planned, items[left] as Planned)
          ? right
          : left;
      const below = items[child] as Planned;
      if (isBefore(last, below)) break;
      items[index] = below;
      index = child;
    }
    items[index] = last;
    return first;
  }
}

function isBefore(a: Planned, b: Planned): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}
