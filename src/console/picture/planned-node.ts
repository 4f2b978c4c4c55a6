import type { Workflow } from '../messages.ts';
import { durationText } from '../words/durations.ts';
import type { TaskStatus } from '../words/status-words.ts';
import type { Node } from './node.ts';

export type Step = Workflow['activities'][number]['pre'][number];

/** Whose task a step is; undefined for a wait, and for everyone. */
export function pluginOf(step: Step): string | undefined {
  if (typeof step === 'string') return step === '*' ? undefined : step;
  return 'plugin' in step ? step.plugin : undefined;
}

/** A step that has not begun, with what decides whether it will. */
export function plannedNode(step: Step, status: TaskStatus, id: string): Node {
  if (step === '*') {
    return {
      ...{ id, label: 'everyone', status },
      note: 'every plugin that is registered for this stage',
    };
  }
  if (typeof step === 'string') return { id, label: step, status };
  if ('wait' in step) return { id, label: `wait ${waitText(step.wait)}`, isWait: true };
  const { plugin, when, forEach, mandatory } = step;
  const notes = [
    ...[when && `when ${when}`, forEach && `for each of ${forEach}`],
    mandatory === false && 'optional',
  ].filter(Boolean);
  return { id, label: plugin, status, ...(notes.length > 0 && { note: notes.join(', ') }) };
}

/** The API gives seconds. */
const waitText = (wait: string | number) =>
  typeof wait === 'number' ? durationText(wait * 1000) : wait;
