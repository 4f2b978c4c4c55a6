import * as paths from '../../client/paths.ts';
import { json } from '../api.ts';
import type { AddCommand } from '../command.ts';
import { action, readCount } from '../command.ts';
import { formatInstant } from '../durations.ts';
import { UsageError } from '../errors.ts';
import type { DeadLetterList, DeadLetterView } from '../responses.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const LARGEST_LIST = 100;

/** `baton dead-letters list|show|redrive|drop` */
export const addDeadLetters: AddCommand = (program, setExitCode) => {
  const letters = program
    .command('dead-letters')
    .description('what the orchestrator has given up on');
  letters
    .command('list')
    .description('list some of them')
    .option('--limit <count>', `at most this many, up to ${LARGEST_LIST}`, readCount, 20)
    .action(
      action(setExitCode, async ({ api, terminal }, { limit }: { limit: number }) => {
        const list = await api.get<DeadLetterList>(`/dead-letters?limit=${limit}`);
        terminal.result(list, () => draw(list, terminal));
        return undefined;
      }),
    );
  letters
    .command('show')
    .description('show one, with its message')
    .argument('<id>')
    .action(
      action(setExitCode, async ({ api, terminal }, _: object, id: string) => {
        const letter = await api.get<DeadLetterView>(paths.deadLetter(id));
        terminal.result(letter, () => `${drawOne(letter)}\n${letter.body}`);
        return undefined;
      }),
    );
  letters
    .command('redrive')
    .description('send one to the orchestrator again, or all that are there now')
    .argument('[id]')
    .option('--all', 'all that are there now')
    .action(
      action(
        setExitCode,
        async ({ api, terminal }, { all }: { all?: true }, id: string | undefined) => {
          if ((id === undefined) === (all === undefined)) {
            throw new UsageError('name one dead letter, or say --all');
          }
          const done: string[] = [];
          const redrive = async (one: string) => {
            await api.post(paths.redrive(one), json({}));
            done.push(one);
          };
          if (id !== undefined) await redrive(id);
          else {
            const path = `/dead-letters?limit=${LARGEST_LIST}`;
            for (;;) {
              const { deadLetters } = await api.get<DeadLetterList>(path);
              const rest = deadLetters.filter((one) => !done.includes(one.id));
              if (rest.length === 0) break;
              for (const one of rest) await redrive(one.id);
            }
          }
          terminal.result({ redriven: done }, () => `${done.length} sent again`);
          return undefined;
        },
      ),
    );
  letters
    .command('drop')
    .description('take one away for good')
    .argument('<id>')
    .action(
      action(setExitCode, async ({ api, terminal }, _: object, id: string) => {
        const letter = await api.delete<DeadLetterView>(paths.deadLetter(id));
        terminal.result(letter, () => `${id} is gone`);
        return undefined;
      }),
    );
};

function draw({ deadLetters, total }: DeadLetterList, terminal: Terminal): string {
  if (deadLetters.length === 0) return 'no dead letters';
  const picture = table(
    deadLetters,
    [
      { title: 'id', value: ({ id }) => id },
      { title: 'sent', value: ({ sentAt }) => formatInstant(sentAt) },
      { title: 'about', value: describe, flexible: true },
    ],
    terminal,
  );
  const more = total - deadLetters.length;
  return more > 0 ? `${picture}\n${terminal.paint('dim', `about ${more} more`)}` : picture;
}

function drawOne(letter: DeadLetterView): string {
  return `${letter.id}, sent ${formatInstant(letter.sentAt)}, ${letter.bytes} bytes: ${describe(letter)}`;
}

function describe({ about }: DeadLetterView): string {
  const [first, ...more] = about;
  if (first === undefined) return 'nothing that can be read';
  const { type = 'unknown', orderId = '?', plugin } = first;
  const by = plugin === undefined ? '' : ` by ${plugin}`;
  return `${type} of order ${orderId}${by}${more.length > 0 ? `, and ${more.length} more` : ''}`;
}
