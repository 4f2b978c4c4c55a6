import type { ListParked } from '../core/command.ts';
import type { OrderEvent } from '../core/event.ts';
import type { OrderState } from '../core/order.ts';
import type { ParkedOrder } from '../core/parking.ts';
import { isSamePlace, parkedPlaces } from '../core/parking.ts';
import { firstWave, reopened } from '../core/quarantine.ts';
import type { EnginePorts } from './engine-ports.ts';

/** Whoever else writes the plugin's quarantine is done within moments. */
const MOST_RACES = 10;

type ParkingPorts = Pick<EnginePorts, 'parkedOrders' | 'quarantines' | 'messenger' | 'clock'>;

/**
 * Lists the order as parked for the plugin, and makes sure that somebody looks for it: the plugin may have reopened since the order was
 * decided on. Whoever ends a quarantine looks at the list twice, so that it cannot miss what is listed before this look at the quarantine.
 */
export async function listParked(command: ListParked, ports: ParkingPorts): Promise<void> {
  const { type: _, ...place } = command;
  await ports.parkedOrders.put(place);
  for (let races = 0; races < MOST_RACES; races += 1) {
    if (await isLookedFor(place, ports)) return;
  }
  throw new Error(`order ${place.orderId}: the quarantine of ${place.plugin} is in too many hands`);
}

async function isLookedFor({ plugin, orderId }: ParkedOrder, ports: ParkingPorts) {
  const { quarantines, messenger, clock } = ports;
  const read = await quarantines.get(plugin);
  switch (read?.phase) {
    case undefined: {
      const reason = 'a task was parked for it when it was open again';
      return quarantines.put(reopened(plugin, reason, firstWave(), clock()), read);
    }
    case 'reopening': {
      if (read.emptySince === undefined) return true;
      const { emptySince: _, ...reopening } = read;
      return quarantines.put(reopening, read);
    }
    case 'closed': {
      if ((read.canaryAt ?? Infinity) > clock()) return true;
      // A canary has had nobody to be until now.
      const body = { type: 'PluginDue', plugin } as const;
      await messenger.send([{ to: 'orchestrator', orderId, delaySeconds: 0, body }]);
      return true;
    }
    case 'draining':
      return true;
  }
}

/**
 * The places in the list of parked orders that the order has left otherwise than by being let through: whoever let it through has
 * removed it there.
 */
export function placesLeft(
  before: OrderState,
  after: OrderState,
  applied: readonly OrderEvent[],
): readonly ParkedOrder[] {
  const now = parkedPlaces(after);
  return parkedPlaces(before).filter(
    (place) =>
      !now.some((one) => isSamePlace(one, place)) &&
      !applied.some(
        (event) =>
          event.type === 'TaskReleased' &&
          event.plugin === place.plugin &&
          event.parkedIn === place.entry,
      ),
  );
}
