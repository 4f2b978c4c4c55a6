import type { DeadLetter, DeadLetters } from '../../../src/ports/dead-letters.ts';

export interface MemoryDeadLetters extends DeadLetters {
  readonly letters: Map<string, DeadLetter>;
  /** What has been sent to the orchestrator again. */
  readonly redriven: string[];
}

export function createMemoryDeadLetters(): MemoryDeadLetters {
  const letters = new Map<string, DeadLetter>();
  const redriven: string[] = [];
  return {
    letters,
    redriven,
    list: async (limit) => ({
      letters: [...letters.values()].slice(0, limit),
      total: letters.size,
    }),
    find: async (id) => letters.get(id),
    async redrive(id) {
      const letter = letters.get(id);
      if (letter !== undefined) redriven.push(letter.body);
      return letters.delete(id);
    },
    async drop(id) {
      const letter = letters.get(id);
      letters.delete(id);
      return letter;
    },
  };
}
