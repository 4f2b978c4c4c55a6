import { pluginsNamedIn } from '../../contract/definition-content.ts';
import { placesOf } from '../../contract/taking-part.ts';
import type { Instant } from '../../core/json.ts';
import type { WorkflowRef } from '../../core/order.ts';
import type { Plugin } from '../../core/plugin.ts';
import { hasOpenSession } from '../../core/sessions.ts';
import type { ActiveOrders, ListedOrder } from '../../ports/active-orders.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Journal } from '../../ports/journal.ts';
import { stateOrBroken } from '../../ports/journal.ts';
import type { Workflows } from '../../ports/workflows.ts';

export interface SessionPorts {
  readonly activeOrders: Pick<ActiveOrders, 'due'>;
  readonly journal: Pick<Journal, 'latest'>;
  readonly workflows: Pick<Workflows, 'get'>;
  readonly clock: Clock;
}

/** No order wakes up later: waits and timeouts end within a year, and where nothing stands, to look costs nothing. Milliseconds. */
const LONGEST_SLEEP_MS = 2 * 366 * 86_400_000;

/** How many orders are read at once. */
const READ_AT_ONCE = 20;

/**
 * An order that has a session open with the plugin, the first that is found; `unknown` if not all could be looked at in time. Only orders
 * whose workflow may have the plugin are read; one whose journal is broken goes on nowhere.
 */
export async function orderWithOpenSession(
  plugin: Plugin,
  { activeOrders, journal, workflows, clock }: SessionPorts,
  until: Instant = Infinity,
): Promise<string | 'unknown' | undefined> {
  const invited = new Map<string, Promise<boolean>>();
  const mayHaveIt = ({ workflow }: ListedOrder) => {
    const key = `${workflow.name}/${workflow.version}`;
    const known = invited.get(key) ?? mayInvite(workflow, plugin, workflows);
    invited.set(key, known);
    return known;
  };
  const isOpenIn = async (order: ListedOrder) => {
    if (!(await mayHaveIt(order))) return false;
    const state = await stateOrBroken(order.orderId, journal);
    return typeof state === 'object' && 'stage' in state && hasOpenSession(state, plugin);
  };
  for await (const page of activeOrders.due(clock() + LONGEST_SLEEP_MS)) {
    for (let at = 0; at < page.length; at += READ_AT_ONCE) {
      if (clock() >= until) return 'unknown';
      const orders = page.slice(at, at + READ_AT_ONCE);
      const open = await Promise.all(orders.map(isOpenIn));
      const found = orders[open.indexOf(true)];
      if (found !== undefined) return found.orderId;
    }
  }
  return undefined;
}

/** Whether orders of the workflow have tasks with the plugin. One that is not there any more may have had. */
async function mayInvite(
  ref: WorkflowRef,
  { name, joins }: Plugin,
  workflows: SessionPorts['workflows'],
): Promise<boolean> {
  const workflow = await workflows.get(ref);
  if (workflow === undefined || pluginsNamedIn(workflow).has(name)) return true;
  return joins.some((join) => placesOf(join, [workflow]).length > 0);
}
