import type { AnyDeed } from './deeds.ts';
import { effectsOf } from './deeds.ts';
import type { Evidence } from './judge/judge.ts';
import type { PluginOperator } from './people/plugin-operator.ts';
import type { Repairer } from './people/repairer.ts';
import { FRAIL } from './plans.ts';

interface Others {
  readonly repairer: Pick<Repairer, 'closed' | 'reopened'>;
  readonly plugins: Pick<PluginOperator, 'taken'>;
}

/** What has happened, in numbers. */
export function summaryOf(
  { orders, acts, operations, callbacks, healedAt }: Evidence,
  deeds: readonly AnyDeed[],
  { repairer, plugins }: Others,
): readonly string[] {
  const tasks = orders.flatMap((order) => order.tasks);
  const attempts = tasks.flatMap((task) => ('attempts' in task ? task.attempts : []));
  const effects = [...effectsOf(deeds).values()];
  const done = sum(effects.map((one) => one.done.size));
  const undone = sum(effects.map((one) => one.undone.size));
  const asked = deeds.filter(({ deed }) => deed === 'asked').length;
  const repeats = deeds.length - asked - done - undone;
  const taken = acts.filter(({ refused }) => refused === undefined);
  const refused = acts.filter(({ refused }) => refused !== undefined);
  const inBulk = orders.flatMap(({ timeline }) => timeline).filter((one) => one.operation);
  return [
    `orders: ${counted(orders.map(({ status }) => status))}; healed ${Object.keys(healedAt).length}`,
    `tasks: ${tasks.length}, ${attempts.length} attempts; done ${done}, undone ${undone}, done or undone again under the same key ${repeats}`,
    `acts taken: ${counted(taken.map(({ act }) => act))}; refused: ${counted(refused.map((one) => one.refused ?? ''))}`,
    `operations: ${counted(operations.map(({ action }) => action))}, ${inBulk.length} acts by them; ${counted(operations.map(({ status }) => status))}`,
    `callbacks taken: ${callbacks.length}`,
    `plugins, by hand: ${Object.entries(plugins.taken)
      .map(([act, times]) => `${act} ${times}`)
      .join(
        ', ',
      )}; ${FRAIL} closed by itself ${repairer.closed} times, reopened ${repairer.reopened} times`,
  ];
}

function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ') || 'none';
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
