export type { Json, JsonObject } from '../core/json.ts';
export type { PluginHandler, PluginOptions } from './define-plugin.ts';
export { definePlugin } from './define-plugin.ts';
export type { InputSchema } from './input-schema.ts';
export type { TaskLog } from './log.ts';
export type { Compensate, CompletedWork, Perform } from './perform-task.ts';
export { MAX_RESULT_BYTES } from './result.ts';
export type { Task, TaskHistory } from './task.ts';
export { PermanentError, RetryLaterError } from './task-errors.ts';
