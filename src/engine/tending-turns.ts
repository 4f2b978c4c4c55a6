import type { JournalEntry } from '../core/journal-entry.ts';
import type { Instant } from '../core/json.ts';
import type { PlaceInWait, Sharer, Turn } from '../core/turns.ts';
import { isSameTurn, placesInWait, turnOf, turnsIn } from '../core/turns.ts';
import type { BoundedPlugins } from '../ports/bounded-plugins.ts';
import type { SharedTurns } from '../ports/turns.ts';
import type { EnginePorts } from './engine-ports.ts';
import type { TurnPorts } from './turns.ts';
import { handOn, letThrough } from './turns.ts';

export type TendingTurnsPorts = TurnPorts &
  Pick<EnginePorts, 'journal' | 'clock'> & { readonly boundedPlugins: BoundedPlugins };

/** Where nobody waits, a turn that was not given back keeps nobody waiting: those are looked after every so many minutes. */
const LOOKS_EVERY_MINUTES = 10;

/** Whoever took a turn has stored its entry by then, or has died: no function runs for as long. Milliseconds. */
export const DOUBTED_MS = 300_000;

/**
 * Once a minute: what a process has left behind that died. Turns of attempts that are over are given back; whose turn has come without its
 * order having heard of it is told again; and where there is room, those that wait are let through.
 * @param onFailure is told of a plugin whose turns could not be looked after: one keeps nobody from the rest
 */
export async function tendTurns(
  ports: TendingTurnsPorts,
  onFailure: (plugin: string, error: Error) => void,
): Promise<void> {
  for (const plugin of await ports.boundedPlugins.list()) {
    try {
      await tendPlugin(plugin, ports);
    } catch (error) {
      onFailure(plugin, error as Error);
    }
  }
}

async function tendPlugin(plugin: string, ports: TendingTurnsPorts): Promise<void> {
  const all = await ports.turns.atPlugin(plugin);
  const isRound = looksAtAll(ports.clock());
  for (const one of all) if (isRound || one.waiting !== undefined) await tend(one, ports);
  if (all.length > 0 || !isRound) return;
  const { tasksPerClient } = (await ports.registry.find(plugin)) ?? {};
  if (tasksPerClient === undefined) await ports.boundedPlugins.remove(plugin);
}

export function looksAtAll(now: Instant): boolean {
  return Math.floor(now / 60_000) % LOOKS_EVERY_MINUTES === 0;
}

async function tend({ plugin, client }: Sharer, ports: TendingTurnsPorts): Promise<void> {
  const of = { plugin, client };
  const { turns } = ports;
  const shared = await repaired(of, ports);
  if (shared.waiting !== undefined) return handOn(of, shared, ports);
  // One that is listed although nobody is said to wait: whoever listed it has died.
  const [first] = await turns.first(of, 1);
  if (first !== undefined) await handOn(of, await turns.wait(first), ports);
  else if (shared.taken.length === 0) await turns.forget(of);
}

/** What is taken, held against the journals. */
async function repaired(of: Sharer, ports: TendingTurnsPorts): Promise<SharedTurns> {
  const { turns, journal } = ports;
  let shared = await turns.of(of);
  const over: Turn[] = [];
  const early: Turn[] = [];
  const untold: PlaceInWait[] = [];
  for (const turn of shared.taken) {
    const found = standingOf(turn, await journal.latest(turn.orderId));
    if (found === 'over') over.push(turn);
    else if (found === 'early') early.push(turn);
    else if (found !== 'had') untold.push(found);
  }
  await letThrough(untold, ports);
  if (over.length > 0) shared = await turns.giveBack(over);
  return withoutDoubted(of, early, shared, ports);
}

/** Gives back turns whose entry has been missing for too long: whoever took them has died. */
async function withoutDoubted(
  of: Sharer,
  early: readonly Turn[],
  shared: SharedTurns,
  { turns, clock }: TendingTurnsPorts,
): Promise<SharedTurns> {
  const { doubted } = shared;
  const still = early.filter((turn) => doubted?.turns.some((one) => isSameTurn(one, turn)));
  if (doubted === undefined || still.length === 0) {
    if (early.length > 0 || doubted !== undefined) await turns.doubt(of, early, clock());
    return shared;
  }
  if (clock() - doubted.since < DOUBTED_MS) return shared;
  return turns.giveBackDoubted(still);
}

/**
 * What has become of a turn: a task has it, or waits and has not heard that it has it; or the attempt is over. One that is taken for an
 * entry that is not there yet is early.
 */
function standingOf(
  turn: Turn,
  latest: JournalEntry | undefined,
): 'had' | 'early' | 'over' | PlaceInWait {
  if (latest === undefined) return 'over';
  const { state, number } = latest;
  if (turnsIn(state).some((one) => isSameTurn(one, turn))) return 'had';
  const place = placesInWait(state).find((one) => isSameTurn(turnOf(one), turn));
  if (place !== undefined) return place;
  return number < turn.takenFor ? 'early' : 'over';
}
