import type { Command } from '../core/command.ts';
import type { Context } from '../core/deciding.ts';
import { defined } from '../core/defined.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { OrderState } from '../core/order.ts';
import { historyOf, undoneJob } from '../core/task-records.ts';
import { outlineOf } from '../core/workflow.ts';
import type { OutgoingMessage } from '../ports/messenger.ts';
import type { EnginePorts } from './engine-ports.ts';
import { sealedFor } from './foreseen.ts';
import { attemptName, handedOn, ORDER } from './order-trace.ts';
import { messagesFor } from './outgoing-messages.ts';
import type { Recall } from './recall.ts';

/**
 * What the messenger has to send. The history that some plugins want is read here, once for all of them.
 * @param order the order whose commands they are
 * @param latest the entry that has just been stored, which `recall` does not know
 */
export async function messagesOf(
  commands: readonly Command[],
  order: OrderState,
  context: Context,
  recall: Pick<Recall, 'entries'>,
  latest: JournalEntry | undefined,
  ports: Pick<EnginePorts, 'clock' | 'journal' | 'subscriptionSettlesSeconds' | 'traces'>,
): Promise<readonly OutgoingMessage[]> {
  const looksBack = commands.some(
    (one) =>
      one.type === 'DispatchTask' &&
      one.child === undefined &&
      (one.history || one.compensates !== undefined),
  );
  const stored = looksBack ? await recall.entries() : [];
  const entries = latest === undefined ? stored : [...stored, latest];
  const sealed = latest && (await sealedFor(commands, latest, ports.journal));
  const upTo = (number: number) => entries.filter((entry) => entry.number <= number);
  return messagesFor(commands, {
    plugins: context.plugins,
    outline: outlineOf(context.workflow),
    acceptedAt: order.acceptedAt,
    ...defined({ client: order.client, sealed }),
    historyUpTo: (number) => historyOf(upTo(number)),
    undoneJob: (number, job) => undoneJob(upTo(number), job),
    traceOf: (task) => handedOn(order, task ? attemptName(task) : ORDER, ports.traces),
    now: ports.clock(),
    subscriptionSettlesSeconds: ports.subscriptionSettlesSeconds,
  });
}
