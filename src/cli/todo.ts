import { InvalidArgumentError } from 'commander';
import type { Todo } from '../core/workflow.ts';

/** Reads a list of plugins from one line: `A;B|C;D` runs A, then B and C in parallel, then D. */
export function readTodo(text: string): Todo {
  const groups = text.split(';').map((group) => group.split('|').map((plugin) => plugin.trim()));
  if (groups.flat().includes('')) {
    throw new InvalidArgumentError(
      'A list of plugins looks like "A;B|C": A, then B and C in parallel.',
    );
  }
  return groups.map((group) => (group.length === 1 ? (group[0] ?? '') : group));
}

export function writeTodo(todo: Todo): string {
  return todo.map((group) => (typeof group === 'string' ? group : group.join('|'))).join(';');
}
