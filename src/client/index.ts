export type { Json } from '../core/json.ts';
export type { ActOptions, BatonOptions, PlaceOptions } from './baton.ts';
export { Baton } from './baton.ts';
export type { CallOptions, RepeatableOptions } from './calls.ts';
export type { Clients } from './clients.ts';
export type { TraceOptions } from './connection.ts';
export type { DeadLetters } from './dead-letters.ts';
export type { Refusal } from './errors.ts';
export {
  ArgumentError,
  BatonError,
  RefusedError,
  UnreachableError,
  WaitedTooLongError,
} from './errors.ts';
export type { Events } from './events.ts';
export type { WaitOptions } from './follow.ts';
export { NotJsonError } from './json-text.ts';
export type {
  CallbackReceipt,
  ClientContract,
  ClientView,
  Counts,
  CountsFilter,
  DeadLetter,
  DeadLetterList,
  EventReceipt,
  HistoryFilter,
  Me,
  Moment,
  NewEvent,
  NewOperation,
  NewOrder,
  NewOrderEvent,
  NewSchedule,
  NewToken,
  NewWorkflow,
  Operation,
  OperationPreview,
  OperationReceipt,
  Order,
  OrderEventReceipt,
  OrderFilter,
  OrderStatus,
  OrderSummary,
  Plan,
  PlanRequest,
  Plugin,
  PluginHistory,
  QuarantineReceipt,
  Receipt,
  Schedule,
  ScheduleSummary,
  SystemHistory,
  SystemStatus,
  TaskFailure,
  Token,
  Workflow,
  WorkflowReceipt,
  WorkflowVersion,
} from './messages.ts';
export type { Operations } from './operations.ts';
export type { Placed, PlaceManyOptions } from './place-many.ts';
export { PlacementError } from './place-many.ts';
export type { Plugins } from './plugins.ts';
export type { Schedules } from './schedules.ts';
export type { Tasks } from './tasks.ts';
export type { Workflows } from './workflows.ts';
