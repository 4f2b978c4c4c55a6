import * as paths from '../../client/paths.ts';
import { defined } from '../../core/defined.ts';
import { json } from '../api.ts';
import type { AddCommand, Session } from '../command.ts';
import { action } from '../command.ts';
import { UsageError } from '../errors.ts';
import { readInputValue } from '../input-value.ts';
import { readInput } from '../read-input.ts';
import type { CallbackReceipt } from '../responses.ts';

const TOKEN = [
  '<token>',
  "the task's own; `-` reads it from standard input, so that no list of processes shows it",
] as const;

/** `baton tasks complete`, `fail` and `heartbeat`: what finishes a task that its plugin has deferred. */
export const addTasks: AddCommand = (program, setExitCode) => {
  const tasks = program
    .command('tasks')
    .description('finish tasks that their plugins have deferred, by their tokens');
  tasks
    .command('complete')
    .description('complete a task')
    .argument(...TOKEN)
    .option('--result <json>', 'its result; null by default', readInputValue)
    .action(
      action(setExitCode, (session, { result }: { result?: unknown }, token: string) =>
        call(session, token, 'complete', { result }),
      ),
    );
  tasks
    .command('fail')
    .description('say that a task has failed; it is tried again as its retry policy says')
    .argument(...TOKEN)
    .requiredOption('--code <code>', 'stable, in UPPER_SNAKE')
    .requiredOption('--message <text>', 'why, for people')
    .option('--no-retry', 'it is not tried again')
    .action(
      action(setExitCode, (session, options: FailOptions, token: string) => {
        const { code, message, retry } = options;
        return call(session, token, 'fail', { code, message, retry: retry ? undefined : 'never' });
      }),
    );
  tasks
    .command('heartbeat')
    .description('say that somebody is at work on a task')
    .argument(...TOKEN)
    .action(
      action(setExitCode, (session, _options: object, token: string) =>
        call(session, token, 'heartbeat', {}),
      ),
    );
};

interface FailOptions {
  readonly code: string;
  readonly message: string;
  readonly retry: boolean;
}

async function call(
  { api, terminal }: Session,
  given: string,
  act: string,
  about: Readonly<Record<string, unknown>>,
): Promise<undefined> {
  const token = given === '-' ? await tokenFromInput() : given;
  const path = paths.answerOfTask(token, act);
  const { body } = await api.post<CallbackReceipt>(path, {
    ...json(defined(about)),
    repeatable: true,
  });
  const { repeated, orderStatus } = body;
  terminal.result(
    body,
    () => `${repeated ? 'taken already' : 'taken'}; its order is ${orderStatus}`,
  );
  return undefined;
}

async function tokenFromInput(): Promise<string> {
  const token = Buffer.from(await readInput('-'))
    .toString()
    .trim();
  if (token === '') throw new UsageError('standard input is empty; it must hold the token');
  return token;
}
