import type * as z from 'zod';
import type * as counts from '../contract/counts.ts';
import type * as history from '../contract/history.ts';
import type * as operations from '../contract/operation-responses.ts';
import type * as orders from '../contract/order-responses.ts';
import type * as responses from '../contract/responses.ts';
import type * as schedules from '../contract/schedule-responses.ts';

/** What the API answers, as far as the client has no name for it: types only, so that no schema is in the page. */

export type { Order, OrderStatus, OrderSummary, Receipt, SystemStatus } from '../client/index.ts';

export type OrderPage = z.output<typeof orders.orderListSchema>;
export type BatchReceipt = z.output<typeof orders.batchReceiptSchema>;
/** A task that was sent to its plugin, or a plugin that took no part. */
export type Task = z.output<typeof orders.orderSchema>['tasks'][number];
/** A task that was sent to its plugin. */
export type SentTask = Extract<Task, { taskId: string }>;
/** One dispatch of a task. The plugin's answer says when it started. */
export type Attempt = SentTask['attempts'][number];
/** What ended, over time. */
export type Counts = z.output<typeof counts.countsSchema>;
/** Whose token a call carries. */
export type Me = z.output<typeof responses.meSchema>;
export type PluginPage = z.output<typeof responses.pluginListSchema>;
export type Plugin = PluginPage['plugins'][number];
export type QuarantineReceipt = z.output<typeof responses.quarantineReceiptSchema>;
/** How a plugin stood, over time. */
export type PluginHistory = z.output<typeof history.pluginHistorySchema>;
export type PluginStatus = z.output<typeof responses.statusSchema>['plugins'][number];
export type WorkflowPage = z.output<typeof responses.workflowListSchema>;
export type Workflow = z.output<typeof responses.workflowSchema>;
export type VersionPage = z.output<typeof responses.versionListSchema>;
export type Plan = z.output<typeof responses.planSchema>;
export type WorkflowReceipt = z.output<typeof responses.workflowReceiptSchema>;
export type SchedulePage = z.output<typeof schedules.scheduleListSchema>;
export type ScheduleSummary = SchedulePage['schedules'][number];
export type Schedule = z.output<typeof schedules.scheduleSchema>;
/** What became of a minute for which a schedule had planned an order. */
export type ScheduleRun = Schedule['runs'][number];
export type Operation = z.output<typeof operations.operationSchema>;
export type OperationPage = z.output<typeof operations.operationListSchema>;
export type OperationPreview = z.output<typeof operations.operationPreviewSchema>;
export type OperationReceipt = z.output<typeof operations.operationReceiptSchema>;
