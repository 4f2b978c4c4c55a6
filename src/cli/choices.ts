import { InvalidArgumentError } from 'commander';
import { closest } from './closest.ts';

/** One of some words. @throws with the word that was probably meant */
export function readChoice(word: string, choices: readonly string[]): string {
  if (choices.includes(word)) return word;
  const meant = closest(word, choices);
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw new InvalidArgumentError(`It is one of ${choices.join(', ')}.${hint}`);
}
