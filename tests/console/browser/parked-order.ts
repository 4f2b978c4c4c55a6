import { setTimeout as pause } from 'node:timers/promises';
import type { Baton, NewOrder } from '../../../src/client/index.ts';

/**
 * Places orders until one is parked: instances remember for some seconds whom they may send tasks to, so that the first ones may still get
 * through.
 * @returns the id of the parked order
 */
export async function placeUntilOneIsParked(baton: Baton, order: NewOrder): Promise<string> {
  for (;;) {
    const { orderId } = await baton.place(order);
    for (let isOver = false; !isOver; await pause(200)) {
      const { status, tasks } = await baton.get(orderId);
      if (tasks.some((task) => task.status === 'parked')) return orderId;
      isOver = status === 'completed' || status === 'failed';
    }
  }
}
