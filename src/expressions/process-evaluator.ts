import type { BoundElement, Evaluated } from '../core/deciding.ts';
import type { Evaluator } from '../ports/evaluator.ts';
import type { Answer } from './evaluation.ts';
import type { BoundSource } from './sandbox-messages.ts';
import { type SandboxEnd, SandboxProcess } from './sandbox-process.ts';
import { writeScope } from './scope.ts';
import { shownIn } from './shown-expression.ts';
import { expressionsOf, fill } from './template.ts';
import type { Limits } from './watchdog.ts';

/**
 * What one expression may use up.
 *
 * Time: greedy is what takes more than a second. Linear work on the largest payload has to pass, whatever else the machine
 * does: `$replace` of each of 120,000 digits takes 21 ms of a free processor, and took 565 ms of one that was shared by
 * twenty processes, where a plain loop took seven times as long as alone.
 *
 * Memory: the function has 512 MB, of which it uses some 130 itself. The heap fills first, as a rule, and then Node aborts.
 * This limit is for what natives take beside the heap, as `JSON.stringify` does.
 */
const LIMITS: Limits = { processorMs: 800, memoryBytes: 320 * 2 ** 20 };

/** The heap of the process; with what Node takes itself that makes up to 240 MB. Megabytes. */
const HEAP_MEGABYTES = 96;

/** So many expressions of one step may end a sandbox; those after them fail unseen, so that no step takes all the time of its batch. */
const MOST_ENDS = 4;

/** Evaluates in a process of its own. */
export interface ProcessEvaluator extends Evaluator {
  /** The process, once there is one. */
  readonly pid: () => Promise<number | undefined>;
  readonly stop: () => Promise<void>;
}

/**
 * Evaluates expressions in a process of their own, which is started with the first of them and then kept. One process:
 * a function has a third of a processor, so that a second one would make nothing faster, and take 70 MB more.
 */
export function createProcessEvaluator(limits: Limits = LIMITS): ProcessEvaluator {
  let sandbox: Promise<SandboxProcess> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function running(): Promise<SandboxProcess> {
    const current = await sandbox?.catch(() => undefined);
    if (current?.alive) return current;
    sandbox = SandboxProcess.start(limits, HEAP_MEGABYTES);
    return sandbox;
  }

  /** One request after another: a greedy expression must not end those of other orders. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  }

  async function answersOf(
    sources: readonly BoundSource[],
    scope: string,
  ): Promise<readonly Answer[]> {
    const answers = new Map<number, Answer>();
    const failed = (reason: string, index: number) => ({
      error: `${reason}${shownIn(sources[index]?.source ?? '')}`,
    });
    let pardons = 1;
    for (let ends = 0; answers.size < sources.length; ends += 1) {
      const left = [...sources.keys()].filter((index) => !answers.has(index));
      if (ends === MOST_ENDS) {
        for (const index of left) answers.set(index, failed(TOO_MANY, index));
        break;
      }
      const outcome = await (await running()).evaluate(
        scope,
        left.map((index) => sources[index] as BoundSource),
      );
      if (!('cause' in outcome)) {
        for (const [nth, answer] of outcome.entries()) answers.set(left[nth] ?? -1, answer);
      } else if (outcome.cause === 'unknown' && pardons > 0) {
        pardons -= 1;
      } else {
        const ended = outcome.during === undefined ? left : [left[outcome.during] ?? -1];
        for (const index of ended) answers.set(index, failed(reasonOf(outcome, limits), index));
      }
    }
    return [...sources.keys()].map((index) => answers.get(index) as Answer);
  }

  return {
    async evaluate(templates, scope) {
      const placed = templates.map((template) => expressionsOf(template));
      const sources = placed.flatMap((expressions, index) =>
        expressions.map(({ source }) => boundSource(source, scope.elements?.[index])),
      );
      const answers =
        sources.length === 0 ? [] : await inTurn(() => answersOf(sources, writeScope(scope)));
      let from = 0;
      return templates.map((template, index): Evaluated => {
        const expressions = placed[index] ?? [];
        const own = answers.slice(from, from + expressions.length);
        from += expressions.length;
        return fill(template, expressions, own);
      });
    },
    pid: async () => (await sandbox)?.pid,
    stop: async () => (await sandbox?.catch(() => undefined))?.stop(),
  };
}

function boundSource(source: string, element: BoundElement | null | undefined): BoundSource {
  return element ? { source, element } : { source };
}

const TOO_MANY = `${MOST_ENDS} expressions of this step took too much time or memory before this one`;

function reasonOf({ cause }: SandboxEnd, { processorMs }: Limits): string {
  switch (cause) {
    case 'time':
      return `the expression takes more than ${processorMs} ms of processor time`;
    case 'memory':
      return 'the expression takes more memory than an expression may have';
    case 'unknown':
      return 'the expression ends the process that evaluates it';
  }
}
