import { InvalidArgumentError } from 'commander';
import type { Todo } from '../core/workflow.ts';

/** A list of plugins as it is written on one line: `A;B|C;D` runs A, then B and C in parallel, then D. */
export function readTodo(text: string): Todo {
  const places = text.split(';').map((place) => place.split('|').map((plugin) => plugin.trim()));
  if (places.flat().includes('')) {
    throw new InvalidArgumentError(
      'A list of plugins reads like "A;B|C": A, then B and C in parallel.',
    );
  }
  return places.map((place) => (place.length === 1 ? (place[0] ?? '') : place));
}

export function writeTodo(todo: Todo): string {
  return todo.map((place) => (typeof place === 'string' ? place : place.join('|'))).join(';');
}
