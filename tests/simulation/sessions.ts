import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { PluginDefinition } from '../../src/core/plugin.ts';
import { isHeld } from '../../src/core/task.ts';
import type { Task } from '../../src/sdk/task.ts';
import { performedAs } from './ledger.ts';
import type { Aftermath } from './world.ts';

/** What stateful plugins are told of sessions and transactions. */
export class Sessions {
  /** By transaction: the task that has it. */
  readonly #tasks = new Map<string, string>();
  readonly #transactions = new Map<string, string>();

  /** @returns what is wrong with what an attempt of the task is told */
  begin(
    { name, ordered, stateful }: PluginDefinition,
    { orderId, job, attributes, sessionId, transactionId }: Task,
    undoes: boolean,
  ): string | undefined {
    const task = `${orderId} ${name} ${undoes ? performedAs(job, { compensate: true }) : job}`;
    if (stateful !== true) {
      const isTold = sessionId !== undefined || transactionId !== undefined;
      return isTold ? `${task} is told of a session` : undefined;
    }
    const expected = attributes[String(ordered).slice('attributes.'.length)] ?? orderId;
    if (sessionId !== expected) return `${task} is told of session ${sessionId}, not ${expected}`;
    const transaction = String(transactionId);
    const other = this.#tasks.get(transaction) ?? task;
    const earlier = this.#transactions.get(task) ?? transaction;
    this.#tasks.set(transaction, task);
    this.#transactions.set(task, transaction);
    if (other !== task) return `${task} has the transaction of ${other}`;
    return earlier === transaction ? undefined : `${task} has two transactions`;
  }
}

/** Tasks of stateful plugins that were parked for a drain, though their order had had another one there. */
export function parkedAlthoughOpen(
  journal: readonly JournalEntry[],
  { scenario }: Pick<Aftermath, 'scenario'>,
): readonly string[] {
  const stateful = new Set(
    scenario.plugins.flatMap(({ definition }) => (definition.stateful ? [definition.name] : [])),
  );
  const had = new Set<string>();
  return journal.flatMap(({ number, state }) => {
    const tasks = 'stage' in state ? (state.stage?.tasks ?? []) : [];
    const wrong = tasks.flatMap((task) =>
      isHeld(task) &&
      task.entry === number &&
      task.quarantine.drains &&
      stateful.has(task.plugin) &&
      had.has(task.plugin)
        ? [`entry ${number}: ${task.job} was parked, and the session is open`]
        : [],
    );
    for (const task of tasks) if (task.status === 'inFlight') had.add(task.plugin);
    return wrong;
  });
}
