import type { Chance } from './chance.ts';

/** One running Lambda. It goes on only when it is let; when it is killed, it never goes on again, and never knows. */
export interface Process {
  /** Where others may overtake the process, or it may die. */
  readonly pause: () => Promise<void>;
}

export interface Processes {
  readonly start: (run: (process: Process) => Promise<void>, died: () => void) => void;
  readonly running: () => number;
  /** Lets one process go on to its next pause, or kills it. */
  readonly step: () => Promise<void>;
}

interface Running extends Process {
  readonly paused: (() => void)[];
  readonly died: () => void;
}

export function createProcesses(chance: Chance, dies: number): Processes {
  const all = new Set<Running>();
  return {
    running: () => all.size,
    start(run, died) {
      const paused: (() => void)[] = [];
      const process: Running = {
        paused,
        died,
        pause: () => new Promise<void>((resolve) => paused.push(resolve)),
      };
      all.add(process);
      run(process).then(
        () => all.delete(process),
        (error: unknown) => {
          if (all.delete(process)) throw error;
        },
      );
    },
    async step() {
      const process = [...all][chance.below(all.size)];
      if (process === undefined) return;
      if (chance.happens(dies)) {
        all.delete(process);
        process.died();
        return;
      }
      const { paused } = process;
      const [resume] = paused.splice(chance.below(paused.length), 1);
      resume?.();
      // All that can happen until the next pause happens in microtasks; those are done when the next macrotask comes.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
