import type { Instant } from '../../src/core/json.ts';
import type { OrderState } from '../../src/core/order.ts';
import { hasEnded } from '../../src/core/order.ts';
import type { StageTask } from '../../src/core/task.ts';
import type { Scenario } from './scenario.ts';

/** Instances remember plugins for 5 s, and a decision takes some seconds where calls are slow. */
const KNOWN_BY_ALL_MS = 30_000;

/** Counts what the plugins of a world have in their hands of each client, as the journals say it from moment to moment. */
export class Shares {
  readonly #bounds: ReadonlyMap<string, readonly Bound[]>;
  readonly #inHands = new Map<string, ReadonlySet<string>>();
  readonly #complain: (orderId: string, text: string) => void;

  /** @param startedAt the world's first instant */
  constructor(
    scenario: Scenario,
    startedAt: Instant,
    complain: (orderId: string, text: string) => void,
  ) {
    this.#complain = complain;
    this.#bounds = new Map(
      scenario.plugins.map(({ definition: { name } }) => [
        name,
        boundsOf(name, scenario, startedAt),
      ]),
    );
  }

  /** Whether any plugin takes so many tasks of one client at once. */
  get isCounted(): boolean {
    return [...this.#bounds.values()].flat().some(({ most }) => most < Infinity);
  }

  /** The order stands so now. */
  see(state: OrderState, now: Instant): void {
    const { orderId, client } = state;
    if (client === undefined) return;
    const before = this.#inHands.get(orderId) ?? new Set();
    const after = new Set(
      inHands(state).map(({ plugin, taskId }) => `${plugin} ${client} ${taskId}`),
    );
    this.#inHands.set(orderId, after);
    const grown = [...after].filter((one) => !before.has(one)).map(shareOf);
    for (const share of new Set(grown)) {
      const [plugin = ''] = share.split(' ');
      const count = [...this.#inHands.values()].flatMap((tasks) => [...tasks].map(shareOf));
      const has = count.filter((one) => one === share).length;
      const most = this.#mostAt(plugin, now);
      if (has > most) this.#complain(orderId, `${share} has ${has} tasks, and may have ${most}`);
    }
  }

  /** The most that anybody may have known. */
  #mostAt(plugin: string, now: Instant): number {
    const bounds = this.#bounds.get(plugin) ?? [];
    const known = bounds.filter(({ from }, index) => {
      const until = bounds[index + 1]?.from ?? Infinity;
      return from <= now && now < until + KNOWN_BY_ALL_MS;
    });
    return Math.max(...known.map(({ most }) => most));
  }
}

/** How many tasks of a client a plugin takes at once, from an instant on. */
export interface Bound {
  readonly from: Instant;
  readonly most: number;
}

export function boundsOf(
  name: string,
  { plugins, registrations }: Pick<Scenario, 'plugins' | 'registrations'>,
  startedAt: Instant,
): readonly Bound[] {
  const first = plugins.find(({ definition }) => definition.name === name);
  const later = registrations.filter(({ plugin }) => plugin === name);
  return [
    { from: startedAt, most: first?.definition.tasksPerClient ?? Infinity },
    ...later.map(({ afterMs, tasksPerClient = Infinity }) => ({
      ...{ from: startedAt + afterMs, most: tasksPerClient },
    })),
  ];
}

/** `plugin client` of `plugin client task`. */
const shareOf = (task: string) => task.slice(0, task.lastIndexOf(' '));

type Sent = Extract<StageTask, { readonly status: 'inFlight' }>;

/** What lies in queues of plugins, or is at work there: neither what others finish, nor what undoes a job. */
export function inHands(state: OrderState): readonly Sent[] {
  if (hasEnded(state) || state.status === 'accepted') return [];
  return state.stage.tasks.filter(
    (task): task is Sent =>
      task.status === 'inFlight' &&
      task.deferredAt === undefined &&
      task.undoes === undefined &&
      !task.byOrder &&
      !task.awaits,
  );
}
