import type { OrderEvent } from '../core/event.ts';

/** What is due to an order. */
export type DueEvent = readonly [orderId: string, event: OrderEvent];
