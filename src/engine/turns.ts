/**
 * A plugin may take so many tasks of one client at once. A turn is taken before the entry is stored that sends its task, and given back after
 * the entry is stored in which the attempt is over: so never more are out than there are, whoever dies where. Whoever gets none
 * waits, and whoever gives one back hands it on to the one that has waited longest. What a process has left behind that
 * died, the sweep finds: see tending-turns.ts.
 */
import type { AwaitTurn } from '../core/command.ts';
import type { AskTurns } from '../core/deciding.ts';
import type { OrderEvent } from '../core/event.ts';
import type { OrderState } from '../core/order.ts';
import type { PlaceInWait, Sharer, Turn } from '../core/turns.ts';
import { isSameTurn, isSameWait, placesInWait, turnOf, turnsIn } from '../core/turns.ts';
import type { OutgoingMessage } from '../ports/messenger.ts';
import type { SharedTurns, Turns } from '../ports/turns.ts';
import type { EnginePorts } from './engine-ports.ts';

export type TurnPorts = Pick<EnginePorts, 'turns' | 'registry' | 'messenger'>;

/** As many are let through at a time where nothing bounds them any more. */
const AT_ONCE = 100;

/** Some of those in front may be on their way already. */
const ON_THEIR_WAY = 10;

/** Whoever else hands on turns of the same client is done within moments; the sweep goes on. */
const MOST_ROUNDS = 20;

/** @returns the ids of the tasks that have got a turn */
export async function takeTurns(
  { turns: asked }: AskTurns,
  turns: Pick<Turns, 'take'>,
): Promise<ReadonlySet<string>> {
  const got = new Set<string>();
  for (const ofPlugin of Map.groupBy(asked, ({ plugin }) => plugin).values()) {
    const [{ most }] = ofPlugin as [(typeof ofPlugin)[number]];
    for (const { taskId } of await turns.take(ofPlugin, most)) got.add(taskId);
  }
  return got;
}

/** Turns that tasks of the order had, that were taken for them, or that were brought to them, and that none of them has now. */
export function turnsOver(
  before: OrderState,
  after: OrderState,
  events: readonly OrderEvent[],
  taken: readonly Turn[],
): readonly Turn[] {
  // Who waits no longer may have been given one a moment ago.
  const left = placesLeftInWait(before, after, events).map(turnOf);
  return unused([...turnsIn(before), ...taken, ...left, ...broughtBy(events, after)], after);
}

/**
 * Where tasks of the order wait whose turns were taken for a decision that another writer overtook. Under the same name the turn may have
 * been handed on to them in the meantime, so that it is not given back: they are told.
 */
export function placesServed(state: OrderState, taken: readonly Turn[]): readonly PlaceInWait[] {
  return placesInWait(state).filter((place) =>
    taken.some((turn) => isSameTurn(turn, turnOf(place))),
  );
}

/** Those of the turns that no task of the order has, and that may not be on the way to one, each once. */
export function unused(turns: readonly Turn[], state: OrderState): readonly Turn[] {
  const had = [...turnsIn(state), ...placesInWait(state).map(turnOf)];
  return turns.filter(
    (turn, index) =>
      !had.some((one) => isSameTurn(one, turn)) &&
      index === turns.findIndex((one) => isSameTurn(one, turn)),
  );
}

function broughtBy(events: readonly OrderEvent[], { orderId, client }: OrderState) {
  if (client === undefined) return [];
  return events.flatMap((event): Turn[] => {
    if (event.type !== 'TaskReleased' || event.task === undefined) return [];
    const { plugin, task: taskId, parkedIn: takenFor } = event;
    return [{ plugin, client, orderId, taskId, takenFor }];
  });
}

/** Where tasks have waited for a turn and wait no longer, but for those whose turn has come: whoever let them through has removed them there. */
export function placesLeftInWait(
  before: OrderState,
  after: OrderState,
  events: readonly OrderEvent[],
): readonly PlaceInWait[] {
  const now = placesInWait(after);
  const brought = broughtBy(events, after);
  return placesInWait(before).filter(
    (place) =>
      !now.some((one) => isSameWait(one, place)) &&
      !brought.some((turn) => isSameTurn(turn, turnOf(place))),
  );
}

/** The task waits from now on; should there be room after all, it does not wait for long. */
export async function awaitTurn({ type: _, ...place }: AwaitTurn, ports: TurnPorts): Promise<void> {
  await handOn(place, await ports.turns.wait(place), ports);
}

/** Gives turns back, those of a client at a plugin together, and hands them on. What cannot be given back now, the sweep gives back. */
export async function giveBack(over: readonly Turn[], ports: TurnPorts): Promise<void> {
  const bySharer = Map.groupBy(over, ({ plugin, client }) => `${plugin}#${client}`);
  await Promise.allSettled(
    [...bySharer.values()].map(async (turns) => {
      const [{ plugin, client }] = turns as [Turn];
      await handOn({ plugin, client }, await ports.turns.giveBack(turns), ports);
    }),
  );
}

/** Lets as many of those through that wait as there is room for, those that have waited longest first. */
export async function handOn(
  { plugin, client }: Sharer,
  known: SharedTurns,
  ports: TurnPorts,
): Promise<void> {
  const of = { plugin, client };
  let shared = known;
  for (let rounds = 0; rounds < MOST_ROUNDS && shared.waiting !== undefined; rounds += 1) {
    const most = await boundOf(plugin, ports);
    const room = Math.min(most - shared.taken.length, AT_ONCE);
    if (room <= 0) return;
    const line = await ports.turns.first(of, room + ON_THEIR_WAY);
    const { taken } = shared;
    const next = line
      .filter((place) => !taken.some((turn) => isSameTurn(turn, turnOf(place))))
      .slice(0, room);
    const got = await turnsFor(next, most, ports);
    if (!(await letThrough(got, ports))) return;
    if (got.length < next.length || (next.length === 0 && line.length > 0)) return;
    if (next.length === line.length) {
      await ports.turns.nobodyWaits(of, shared.waiting);
      return;
    }
    shared = await ports.turns.of(of);
  }
}

/** How many tasks of one client the plugin takes at once. That there is no bound is looked up: what is remembered may be older than it. */
async function boundOf(plugin: string, { registry }: TurnPorts): Promise<number> {
  const known = (await registry.plugins()).get(plugin)?.tasksPerClient;
  return known ?? (await registry.find(plugin))?.tasksPerClient ?? Infinity;
}

async function turnsFor(
  places: readonly PlaceInWait[],
  most: number,
  { turns }: TurnPorts,
): Promise<readonly PlaceInWait[]> {
  if (most === Infinity) return places;
  const got = await turns.take(places.map(turnOf), most, true);
  return places.filter((place) => got.some((turn) => isSameTurn(turn, turnOf(place))));
}

/**
 * The message first: whoever dies between leaves a task waiting that has its turn already, which changes nothing.
 * @returns whether all are told; the sweep tells the others
 */
export async function letThrough(
  places: readonly PlaceInWait[],
  { turns, messenger }: Pick<TurnPorts, 'turns' | 'messenger'>,
): Promise<boolean> {
  const messages = places.map(({ orderId, plugin, taskId: task, entry: parkedIn }) => {
    const body = { type: 'TaskReleased', orderId, plugin, parkedIn, task } as const;
    return { to: 'orchestrator', orderId, delaySeconds: 0, body } satisfies OutgoingMessage;
  });
  const unsent = await messenger.send(messages);
  const left = new Set<OutgoingMessage>(unsent.map(({ message }) => message));
  const sent = places.filter((_, index) => !left.has(messages[index] as OutgoingMessage));
  await Promise.all(sent.map((place) => turns.leave(place)));
  return unsent.length === 0;
}
