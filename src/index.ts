/**
 * `batonflow`: the schemas with which Baton checks what crosses its border, and the types that they stand for. Whoever writes
 * workflows, orders or plugin definitions by program can check them before sending them.
 *
 * Plugins import `batonflow/sdk`, applications `batonflow/client`.
 */

export { attributesSchema, nameSchema, pluginNameSchema } from './contract/json.ts';
export {
  type ClientContract,
  clientContractSchema,
  eventRequestSchema,
  type OrderRequest,
  orderRequestSchema,
  todoSchema,
} from './contract/order-request.ts';
export {
  batchReceiptSchema,
  eventReceiptSchema,
  orderListSchema,
  orderSchema,
  receiptSchema,
} from './contract/order-responses.ts';
export { pluginDefinitionSchema } from './contract/plugin-definition.ts';
export { Problem, type ProblemCode, type ProblemDetail } from './contract/problem.ts';
export { problemSchema } from './contract/problem-document.ts';
export { ORDER_STATUSES } from './contract/requests.ts';
export { pluginListSchema, statusSchema, workflowSchema } from './contract/responses.ts';
export { definitionSchema as workflowDefinitionSchema } from './contract/workflow-schema.ts';
export type { Json, JsonObject } from './core/json.ts';
export type { Attributes } from './core/order.ts';
export type { PluginDefinition } from './core/plugin.ts';
export type { Todo, Workflow } from './core/workflow.ts';
