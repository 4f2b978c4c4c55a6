import type * as z from 'zod';
import type { callbackReceiptSchema, failTaskSchema } from '../contract/callbacks.ts';
import type { countsQuerySchema, countsSchema } from '../contract/counts.ts';
import type {
  historyQuerySchema,
  pluginHistorySchema,
  systemHistorySchema,
} from '../contract/history.ts';
import type { operationRequestSchema } from '../contract/operation-request.ts';
import type * as operationResponses from '../contract/operation-responses.ts';
import type {
  clientContractSchema,
  eventRequestSchema,
  orderEventRequestSchema,
  orderRequestSchema,
} from '../contract/order-request.ts';
import type * as orderResponses from '../contract/order-responses.ts';
import type { orderListQuerySchema, planRequestSchema } from '../contract/requests.ts';
import type * as responses from '../contract/responses.ts';
import type { scheduleDefinitionSchema } from '../contract/schedule-definition.ts';
import type * as scheduleResponses from '../contract/schedule-responses.ts';
import type { putDefinitionSchema } from '../contract/workflow-schema.ts';

/** What the API takes and answers: types of the schemas with which it checks its requests, and from which its OpenAPI document is made. */

/** An order to place: `input`, and `workflow`, `todo` or `client`; maybe `attributes` and an `orderId` of your own. */
export type NewOrder = z.input<typeof orderRequestSchema>;
/** An event to send: it starts every workflow whose `on` names its type, and wakes the orders that wait for it under its key. */
export type NewEvent = z.input<typeof eventRequestSchema>;
/** An event for one order alone. */
export type NewOrderEvent = z.input<typeof orderEventRequestSchema>;
/** Which order was placed, and the workflow version that it keeps. */
export type Receipt = z.output<typeof orderResponses.receiptSchema>;
export type EventReceipt = z.output<typeof orderResponses.eventReceiptSchema>;
export type OrderEventReceipt = z.output<typeof orderResponses.orderEventReceiptSchema>;
/** What a callback has come to. */
export type CallbackReceipt = z.output<typeof callbackReceiptSchema>;
/** Why a deferred task has failed, and whether it is tried again. */
export type TaskFailure = z.input<typeof failTaskSchema>;
export type Order = z.output<typeof orderResponses.orderSchema>;
export type OrderStatus = Order['status'];
/** One event in an order's timeline. */
export type Moment = Order['timeline'][number];
/** An order as lists show it. */
export type OrderSummary = z.output<typeof orderResponses.orderListSchema>['orders'][number];
export type OrderFilter = Omit<
  z.input<typeof orderListQuerySchema>,
  'limit' | 'next' | 'status' | 'attributes'
> & {
  /** One status, or any of several. */
  readonly status?: OrderStatus | readonly OrderStatus[];
  /** The order has all of these. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
};
/** What has ended, by workflow, plugin or code of the error, and by minute, hour or day. */
export type Counts = z.output<typeof countsSchema>;
export type CountsFilter = z.input<typeof countsQuerySchema>;
/** Which minutes or hours are meant. */
export type HistoryFilter = z.input<typeof historyQuerySchema>;
export type SystemHistory = z.output<typeof systemHistorySchema>;
export type PluginHistory = z.output<typeof pluginHistorySchema>;
export type SystemStatus = z.output<typeof responses.statusSchema>;
export type BatchReceipt = z.output<typeof orderResponses.batchReceiptSchema>;
/** Whose token the calls carry, and what it may do. */
export type Me = z.output<typeof responses.meSchema>;

/** A definition to store. */
export type NewWorkflow = z.input<typeof putDefinitionSchema>;
export type Workflow = z.output<typeof responses.workflowSchema>;
export type WorkflowReceipt = z.output<typeof responses.workflowReceiptSchema>;
export type WorkflowVersion = z.output<typeof responses.versionListSchema>['versions'][number];
/** The order that a plan is made for: `attributes`, `input`, and the workflow's `version`. */
export type PlanRequest = z.input<typeof planRequestSchema>;
export type Plan = z.output<typeof responses.planSchema>;

export type Plugin = z.output<typeof responses.pluginListSchema>['plugins'][number];
export type QuarantineReceipt = z.output<typeof responses.quarantineReceiptSchema>;

/** When orders are placed (`cron`, `every`), and what they are. */
export type NewSchedule = z.input<typeof scheduleDefinitionSchema>;
export type Schedule = z.output<typeof scheduleResponses.scheduleSchema>;
/** A schedule as lists show it. */
export type ScheduleSummary = z.output<
  typeof scheduleResponses.scheduleListSchema
>['schedules'][number];

/** What to do, and with which orders: `action`, `filter`; maybe `ratePerSecond` and a `reason`. */
export type NewOperation = WithoutDryRun<z.input<typeof operationRequestSchema>>;
type WithoutDryRun<Request> = Request extends unknown ? Omit<Request, 'dryRun'> : never;
export type OperationPreview = z.output<typeof operationResponses.operationPreviewSchema>;
export type OperationReceipt = z.output<typeof operationResponses.operationReceiptSchema>;
export type Operation = z.output<typeof operationResponses.operationSchema>;

/** What a client's orders run: a `workflow` or a `todo`. */
export type ClientContract = z.input<typeof clientContractSchema>;
export type ClientView = z.output<typeof responses.clientSchema>;
export type Token = z.output<typeof responses.tokenSchema>;
export type NewToken = z.output<typeof responses.newTokenSchema>;

export type DeadLetter = z.output<typeof operationResponses.deadLetterSchema>;
export type DeadLetterList = z.output<typeof operationResponses.deadLetterListSchema>;
