import type { Terminal } from '../terminal.ts';
import type { Differences, PluginChange, StageChange } from './differences.ts';
import type { FieldChange } from './settings.ts';

type Paint = Terminal['paint'];

const SIGNS = { joins: '+', leaves: '−', changed: '~', new: '+', gone: '−' } as const;
const STYLES = { '+': 'green', '−': 'red', '~': 'yellow' } as const;

/** The differences for people: workflow by workflow, then the plugins that are in none. */
export function drawDifferences({ plugins, stages, refused }: Differences, paint: Paint): string {
  const lines: string[] = [];
  const workflows = [...new Set(stages.map(({ workflow }) => workflow))];
  for (const name of workflows) {
    const touched = stages.filter(({ workflow }) => workflow === name);
    lines.push(paint('bold', `${name} v${touched[0]?.version}`));
    lines.push(...touched.map((change) => `  ${stageLine(change, paint)}`));
  }
  const elsewhere = plugins.filter(
    ({ plugin, pending }) => pending.length > 0 || !stages.some((one) => one.plugin === plugin),
  );
  if (elsewhere.length > 0) {
    lines.push(paint('bold', workflows.length === 0 ? 'no workflow' : 'beside the workflows'));
    lines.push(...elsewhere.map((change) => `  ${pluginLine(change, stages, paint)}`));
  }
  if (refused.length > 0) {
    lines.push(paint('red', 'this would be refused'), ...refused.map((reason) => `  ${reason}`));
  }
  return lines.length === 0 ? 'nothing changes' : lines.join('\n');
}

function stageLine(
  { activity, stage, plugin, change, named, fields }: StageChange,
  paint: Paint,
): string {
  const notes = fields.map(formatField);
  if (named)
    notes.unshift(
      change === 'leaves' ? 'the workflow names it: its tasks will fail' : 'the workflow names it',
    );
  return sign(SIGNS[change], `${activity}.${stage}  ${plugin}`, notes, paint);
}

function pluginLine(
  { plugin, change, fields, pending }: PluginChange,
  stages: readonly StageChange[],
  paint: Paint,
): string {
  const isShown = stages.some((one) => one.plugin === plugin);
  const notes = isShown ? [] : fields.map(formatField);
  if (pending.length > 0) notes.push(`joins nothing yet: ${pending.join(', ')}`);
  if (notes.length === 0)
    notes.push(
      change === 'gone' ? 'it is in no workflow' : 'for workflows and orders that name it',
    );
  return sign(SIGNS[change], plugin, notes, paint);
}

function sign(
  mark: keyof typeof STYLES,
  text: string,
  notes: readonly string[],
  paint: Paint,
): string {
  return `${paint(STYLES[mark], mark)} ${text}${notes.length === 0 ? '' : `  (${notes.join(', ')})`}`;
}

function formatField({ field, before, after }: FieldChange): string {
  const say = (value: unknown) => (value === undefined ? 'none' : JSON.stringify(value));
  return before === undefined
    ? `${field} ${say(after)}`
    : `${field} ${say(before)} → ${say(after)}`;
}
