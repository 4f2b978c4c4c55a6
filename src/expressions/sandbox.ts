/**
 * The program of a process that evaluates expressions, and that any of them may end. See sandbox-process.ts for the
 * other side.
 */
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Answer } from './evaluation.ts';
import { evaluateExpression } from './evaluation.ts';
import {
  beginning,
  type EvaluationRequest,
  type EvaluationResponse,
  READY,
  type Setting,
} from './sandbox-messages.ts';
import { boundTo, readScope } from './scope.ts';
import { type Limits, type Watched, watch } from './watchdog.ts';

/** An expression cannot fill more memory in this time than the machine has left. Milliseconds. */
const TICK_MS = 5;

const turn = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
let turns = 0;

// Ctrl-C in a terminal reaches this process too. It ends when its parent does, and not in the middle of an order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// The parent has ended, however it did.
process.on('disconnect', () => process.exit());

process.once('message', ({ limits }: Setting) => {
  startWatchdog(limits).once('online', () => {
    process.on('message', async (request: EvaluationRequest) => {
      process.send?.(await evaluate(request));
    });
    process.send?.(READY);
  });
});

function startWatchdog(limits: Limits): Worker {
  const workerData: Watched = { ...limits, turn, tickMs: TICK_MS };
  return new Worker(`(${watch})()`, { eval: true, execArgv: [], workerData });
}

async function evaluate({
  id,
  scope,
  expressions,
}: EvaluationRequest): Promise<EvaluationResponse> {
  const answers: Answer[] = [];
  const parsed = readScope(scope);
  for (const [index, { source, element }] of expressions.entries()) {
    writeSync(1, beginning(id, index));
    turns += 1;
    Atomics.store(turn, 0, turns);
    Atomics.notify(turn, 0);
    answers.push(await evaluateExpression(source, element ? boundTo(parsed, element) : parsed));
  }
  Atomics.store(turn, 0, 0);
  return { id, answers };
}
