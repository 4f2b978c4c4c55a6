import { readAttributes } from './attribute-lines.ts';
import type { Draft } from './draft.ts';
import { readTodo } from './todo-text.ts';

/**
 * The request as JSON text. The input goes as it was typed: JavaScript would change large numbers, and the API says so instead.
 * @throws {Error} with a sentence for whoever typed it
 */
export function orderBody(draft: Draft): string {
  const input = draft.input.trim();
  refuseNonJson(input);
  const todo = draft.kind === 'todo' ? readTodo(draft.todo) : undefined;
  if (draft.kind === 'todo' && todo === undefined) {
    throw new Error('A list of plugins looks like A;B|C: A, then B and C at the same time.');
  }
  if (draft.kind === 'workflow' && draft.workflow === '') throw new Error('Choose a workflow.');
  const rest = JSON.stringify({
    ...(draft.kind === 'workflow' && { workflow: draft.workflow }),
    ...(todo && { todo }),
    attributes: readAttributes(draft.attributes),
  });
  return `{"input":${input},${rest.slice(1)}`;
}

function refuseNonJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new Error('The input is not JSON. A text stands in quotes: "five". Nothing is null.');
  }
}

/** How a dropped file is sent; undefined for one that the API would not take as orders. */
export function mediaTypeOf({ name, type }: { name: string; type: string }): string | undefined {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (ending === 'csv' || type === 'text/csv') return 'text/csv';
  if (ending === 'ndjson' || ending === 'jsonl') return 'application/x-ndjson';
  if (ending === 'json') return 'application/json';
  return type.startsWith('image/') ? type : undefined;
}
