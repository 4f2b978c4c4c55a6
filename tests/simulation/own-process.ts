import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A function that a module exports, and what it is called with. */
export interface Call {
  /** The module's address, as `import` takes it. */
  readonly module: string;
  readonly name: string;
  /** What the structured clone algorithm can copy; so is the result. */
  readonly args: readonly unknown[];
}

export type Answer = { readonly result: unknown } | { readonly error: unknown };

const PROGRAM = fileURLToPath(new URL('./call-in-process.ts', import.meta.url));

/** Calls a function in a process of its own, and fails as it does; also where the process ends without an answer, and how it did. */
export async function inOwnProcess<Result>(call: Call): Promise<Result> {
  const child = fork(PROGRAM, { execArgv: [], serialization: 'advanced' });
  child.send(call);
  const answer = await answerOf(child, call.name);
  if ('error' in answer) throw answer.error;
  return answer.result as Result;
}

async function answerOf(child: ChildProcess, name: string): Promise<Answer> {
  const answered = once(child, 'message').then(([answer]) => answer as Answer);
  // its answer may come after its end, but not after that of the channel
  const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]).then(
    ([[code, signal]]) => {
      throw new Error(`the process of ${name} ended with ${signal ?? code}, and without an answer`);
    },
  );
  return await Promise.race([answered, ended]);
}
