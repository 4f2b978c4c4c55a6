import type * as z from 'zod';
import type * as responses from '../contract/responses.ts';

/** The bodies of the API's responses: types of the schemas from which its OpenAPI document is made. */
export type OrderView = z.output<typeof responses.orderSchema>;
export type TaskView = OrderView['tasks'][number];
/** One event in the order's timeline. */
export type TimelineView = OrderView['timeline'][number];
export type OrderPage = z.output<typeof responses.orderListSchema>;
export type OrderSummary = OrderPage['orders'][number];
export type Receipt = z.output<typeof responses.receiptSchema>;
export type BatchReceipt = z.output<typeof responses.batchReceiptSchema>;
/** An accepted order, with its line in the file if it came from one. */
export type Accepted = Receipt & { readonly line?: number };
export type Rejected = BatchReceipt['rejected'][number];
export type EventReceipt = z.output<typeof responses.eventReceiptSchema>;
export type WorkflowReceipt = z.output<typeof responses.workflowReceiptSchema>;
export type WorkflowView = z.output<typeof responses.workflowSchema>;
export type PluginView = z.output<typeof responses.pluginListSchema>['plugins'][number];
export type ClientView = z.output<typeof responses.clientSchema>;
export type TokenView = z.output<typeof responses.tokenSchema>;
export type NewTokenView = z.output<typeof responses.newTokenSchema>;
export type StatusView = z.output<typeof responses.statusSchema>;
export type OperationPreview = z.output<typeof responses.operationPreviewSchema>;
export type OperationReceipt = z.output<typeof responses.operationReceiptSchema>;
export type OperationView = z.output<typeof responses.operationSchema>;
export type DeadLetterList = z.output<typeof responses.deadLetterListSchema>;
export type DeadLetterView = z.output<typeof responses.deadLetterSchema>;
