import { CLIENT_CALLS } from './client-calls.ts';
import type { HttpCall } from './http-call.ts';
import { OPERATION_CALLS } from './operation-calls.ts';
import { ORDER_CALLS } from './order-calls.ts';
import { PLUGIN_CALLS } from './plugin-calls.ts';
import { SCHEDULE_CALLS } from './schedule-calls.ts';
import { SYSTEM_CALLS } from './system-calls.ts';
import { TASK_CALLS } from './task-calls.ts';
import { WORKFLOW_CALLS } from './workflow-calls.ts';

/** Every call there is. A test keeps it in step with the handlers' routes and with serverless.yml. */
export const HTTP_CALLS: readonly HttpCall[] = [
  ...ORDER_CALLS,
  ...TASK_CALLS,
  ...OPERATION_CALLS,
  ...WORKFLOW_CALLS,
  ...PLUGIN_CALLS,
  ...CLIENT_CALLS,
  ...SCHEDULE_CALLS,
  ...SYSTEM_CALLS,
];
