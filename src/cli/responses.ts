import type * as z from 'zod';
import type { callbackReceiptSchema } from '../contract/callbacks.ts';
import type * as counts from '../contract/counts.ts';
import type * as operationResponses from '../contract/operation-responses.ts';
import type * as orderResponses from '../contract/order-responses.ts';
import type * as responses from '../contract/responses.ts';
import type * as scheduleResponses from '../contract/schedule-responses.ts';

/** The bodies of the API's responses: types of the schemas from which its OpenAPI document is made. */
export type OrderView = z.output<typeof orderResponses.orderSchema>;
export type TaskView = OrderView['tasks'][number];
/** One event in the order's timeline. */
export type TimelineView = OrderView['timeline'][number];
export type OrderPage = z.output<typeof orderResponses.orderListSchema>;
export type OrderSummary = OrderPage['orders'][number];
export type Receipt = z.output<typeof orderResponses.receiptSchema>;
export type CallbackReceipt = z.output<typeof callbackReceiptSchema>;
export type BatchReceipt = z.output<typeof orderResponses.batchReceiptSchema>;
/** An accepted order, with its line in the file if it came from one. */
export type Accepted = Receipt & { readonly line?: number };
export type Rejected = BatchReceipt['rejected'][number];
export type EventReceipt = z.output<typeof orderResponses.eventReceiptSchema>;
export type OrderEventReceipt = z.output<typeof orderResponses.orderEventReceiptSchema>;
export type WorkflowReceipt = z.output<typeof responses.workflowReceiptSchema>;
export type WorkflowView = z.output<typeof responses.workflowSchema>;
export type VersionList = z.output<typeof responses.versionListSchema>;
export type VersionView = VersionList['versions'][number];
export type PlanView = z.output<typeof responses.planSchema>;
export type PluginView = z.output<typeof responses.pluginListSchema>['plugins'][number];
export type QuarantineReceipt = z.output<typeof responses.quarantineReceiptSchema>;
export type MeView = z.output<typeof responses.meSchema>;
export type ClientView = z.output<typeof responses.clientSchema>;
export type TokenView = z.output<typeof responses.tokenSchema>;
export type NewTokenView = z.output<typeof responses.newTokenSchema>;
export type ScheduleView = z.output<typeof scheduleResponses.scheduleSchema>;
export type ScheduleRow = z.output<
  typeof scheduleResponses.scheduleListSchema
>['schedules'][number];
export type ScheduleRunView = ScheduleView['runs'][number];
export type StatusView = z.output<typeof responses.statusSchema>;
export type CountsView = z.output<typeof counts.countsSchema>;
export type OperationPreview = z.output<typeof operationResponses.operationPreviewSchema>;
export type OperationReceipt = z.output<typeof operationResponses.operationReceiptSchema>;
export type OperationView = z.output<typeof operationResponses.operationSchema>;
export type DeadLetterList = z.output<typeof operationResponses.deadLetterListSchema>;
export type DeadLetterView = z.output<typeof operationResponses.deadLetterSchema>;
