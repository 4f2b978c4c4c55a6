export type { Dispatch, PlayPlugin, Trial, TrialTask } from '../trial/try-workflow.ts';
export type { PerformedTask, TaskSetting } from './perform-once.ts';
export { performOnce } from './perform-once.ts';
export type { TrialPlugin, TrialSetting } from './try-workflow.ts';
export { tryWorkflow } from './try-workflow.ts';
