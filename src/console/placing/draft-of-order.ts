import { api } from '../reading/api.ts';
import { may } from '../reading/me.ts';
import { jsonText } from '../words/json-text.ts';
import { isListOfPlugins } from '../words/workflow-text.ts';
import { writeAttributes } from './attribute-lines.ts';
import { type Begun, BLANK } from './draft.ts';
import { todoTextOf } from './todo-text.ts';

/** An order that was placed before, to be placed once more. */
export async function draftOfOrder(orderId: string): Promise<Begun> {
  const { workflow, input, attributes } = await api.order(orderId);
  const { name, version } = workflow;
  const common = { ...BLANK, input: jsonText(input), attributes: writeAttributes(attributes) };
  if (!isListOfPlugins(name)) return { ...common, kind: 'workflow', workflow: name };
  // Of which plugins a list is made, a client may not read; most often its contract says so.
  if (!may('GET /workflows')) return { ...common, kind: 'contract' };
  return { ...common, kind: 'todo', todo: todoTextOf(await api.workflow(name, version)) };
}
