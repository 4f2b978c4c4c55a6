export type { Json } from '../core/json.ts';
export type { BatonOptions, CallOptions, Events, PlaceOptions } from './baton.ts';
export { Baton } from './baton.ts';
export type { TraceOptions } from './connection.ts';
export type { Refusal } from './errors.ts';
export { BatonError, RefusedError, UnreachableError, WaitedTooLongError } from './errors.ts';
export type { WaitOptions } from './follow.ts';
export { NotJsonError } from './json-text.ts';
export type {
  EventReceipt,
  Moment,
  NewEvent,
  NewOrder,
  Order,
  OrderFilter,
  OrderStatus,
  OrderSummary,
  Receipt,
  SystemStatus,
} from './messages.ts';
export type { Placed, PlaceManyOptions } from './place-many.ts';
export { PlacementError } from './place-many.ts';
