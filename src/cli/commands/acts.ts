import * as paths from '../../client/paths.ts';
import { defined } from '../../core/defined.ts';
import { json } from '../api.ts';
import type { AddCommand, Session } from '../command.ts';
import { action } from '../command.ts';
import { UsageError } from '../errors.ts';
import { readInputValue } from '../input-value.ts';
import type { Receipt } from '../responses.ts';

const REASON = ['--reason <text>', 'why; the order shows it'] as const;

interface CancelOptions {
  readonly reason?: string;
  readonly undo: boolean;
}

/** `baton cancel ID [TASK]` */
export const addCancel: AddCommand = (program, setExitCode) => {
  program
    .command('cancel')
    .description(
      'cancel an order that has not ended, and undo what it has done; or one task of it alone, which has failed then',
    )
    .argument('<orderId>')
    .argument('[task]', "the job's name, such as A#2; `wait` is a wait that is under way")
    .option('--no-undo', 'leave what the order has done as it is')
    .option(...REASON)
    .action(
      action(setExitCode, (context, options: CancelOptions, id: string, task?: string) => {
        const { reason, undo } = options;
        if (task === undefined) {
          return ask(context, id, paths.act(id, 'cancel'), {
            reason,
            undo: undo ? undefined : false,
          });
        }
        if (!undo) throw new UsageError('--no-undo goes with a whole order, not with one task');
        return ask(context, id, paths.cancelOfTask(id, task), { reason });
      }),
    );
};

/** `baton pause ID` */
export const addPause: AddCommand = (program, setExitCode) => {
  program
    .command('pause')
    .description("stop an order's clocks: nothing new of it begins")
    .argument('<orderId>')
    .option(...REASON)
    .action(
      action(setExitCode, (context, { reason }: { reason?: string }, id: string) =>
        ask(context, id, paths.act(id, 'pause'), { reason }),
      ),
    );
};

/** `baton resume ID` */
export const addResume: AddCommand = (program, setExitCode) => {
  program
    .command('resume')
    .description('let a paused order go on; what it paused for is tried again')
    .argument('<orderId>')
    .option(...REASON)
    .action(
      action(setExitCode, (context, { reason }: { reason?: string }, id: string) =>
        ask(context, id, paths.act(id, 'resume'), { reason }),
      ),
    );
};

interface RetryOptions {
  readonly reason?: string;
  readonly input?: unknown;
  readonly latest?: true;
}

/** `baton retry ID` */
export const addRetry: AddCommand = (program, setExitCode) => {
  program
    .command('retry')
    .description('let a failed order go on from the task that failed it')
    .argument('<orderId>')
    .option(
      '--input <json>',
      'for the task that failed, instead of the one that it had',
      readInputValue,
    )
    .option('--latest', 'under the latest version of its workflow, where the order fits that')
    .option(...REASON)
    .action(
      action(setExitCode, (context, { reason, input, latest }: RetryOptions, id: string) => {
        const version = latest && 'latest';
        return ask(context, id, paths.act(id, 'retry'), { reason, version, input });
      }),
    );
};

/** `baton skip ID TASK` */
export const addSkip: AddCommand = (program, setExitCode) => {
  program
    .command('skip')
    .description('count a task that is open or has failed as done')
    .argument('<orderId>')
    .argument('<task>', "the job's name, such as A#2")
    .option(
      '--result <json>',
      'the task completes with it; else it counts as left out',
      readInputValue,
    )
    .option(...REASON)
    .action(
      action(
        setExitCode,
        (context, options: { reason?: string; result?: unknown }, id: string, task: string) => {
          const { reason, result } = options;
          return ask(context, id, paths.act(id, 'skip'), { reason, task, result });
        },
      ),
    );
};

async function ask(
  { api, terminal }: Session,
  orderId: string,
  path: string,
  about: Readonly<Record<string, unknown>>,
): Promise<undefined> {
  const { body } = await api.post<Receipt>(path, json(defined(about)));
  terminal.result(body, () => `${orderId} is ${body.status}`);
  return undefined;
}
