import { Problem } from '../../contract/problem.ts';
import { actRequestSchema } from '../../contract/requests.ts';
import type { Instant } from '../../core/json.ts';
import type { Plugin } from '../../core/plugin.ts';
import type { HeldPlugin, Quarantine } from '../../core/quarantine.ts';
import { closedByHand, draining, isHeldBack } from '../../core/quarantine.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { optionalBody } from '../http/api-request.ts';
import type { Route } from '../http/http-api.ts';
import { actorOf } from '../orders/acts-api.ts';
import { viewQuarantine } from './quarantine-view.ts';
import type { TendingPorts } from './tend-plugin.ts';
import { markHeld, markReopened, setTimer } from './tend-plugin.ts';

export type QuarantinePorts = Omit<TendingPorts, 'parkedOrders' | 'queueGauges'>;

/** Whoever else writes the quarantine is done within moments. */
const MOST_RACES = 10;

/** What an operator may do with a plugin. */
export function quarantineRoutes(ports: QuarantinePorts): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/plugins/{name}/quarantine',
      handle: async (request) => answer(await hold(closedByHand, request, ports)),
    },
    {
      method: 'POST',
      path: '/plugins/{name}/drain',
      handle: async (request) => answer(await hold(draining, request, ports)),
    },
    {
      method: 'POST',
      path: '/plugins/{name}/reopen',
      handle: async (request) => answer(await reopen(request, ports)),
    },
  ];
}

function answer(quarantine: Quarantine) {
  return {
    status: 200,
    body: { name: quarantine.plugin, quarantined: viewQuarantine(quarantine) },
  };
}

/** No canary is sent: who has held a plugin back by hand reopens it by hand. */
async function hold(
  held: (plugin: string, reason: string, at: Instant) => HeldPlugin,
  request: ApiRequest,
  ports: QuarantinePorts,
): Promise<Quarantine> {
  const { name } = await pluginOf(request, ports);
  const { reason, actor } = askedOf(request);
  for (let races = 0; races < MOST_RACES; races += 1) {
    const read = await ports.quarantines.get(name);
    const next = { ...held(name, reason, ports.clock()), actor };
    if (await markHeld(next, read, ports)) return next;
  }
  throw new Error(`the quarantine of ${name} is in too many hands`);
}

/** The first wave is sent by the orchestrator, in a moment. */
async function reopen(request: ApiRequest, ports: QuarantinePorts): Promise<Quarantine> {
  const plugin = await pluginOf(request, ports);
  const { name } = plugin;
  const asked = askedOf(request);
  for (let races = 0; races < MOST_RACES; races += 1) {
    const read = await ports.quarantines.get(name);
    if (!isHeldBack(read)) {
      throw new Problem('PLUGIN_NOT_QUARANTINED', `plugin ${name} is not held back`);
    }
    const next = await markReopened(read, asked, plugin, ports);
    if (next === undefined) continue;
    await setTimer(name, ports.clock(), ports);
    return next;
  }
  throw new Error(`the quarantine of ${name} is in too many hands`);
}

/** @throws {Problem} NOT_FOUND */
async function pluginOf({ params }: ApiRequest, { registry }: QuarantinePorts): Promise<Plugin> {
  const { name = '' } = params;
  const plugin = (await registry.plugins({ fresh: true })).get(name);
  if (plugin === undefined) throw new Problem('NOT_FOUND', `there is no plugin ${name}`);
  return plugin;
}

function askedOf(request: ApiRequest) {
  const { reason = 'no reason given' } = optionalBody(actRequestSchema, request);
  return { reason, actor: actorOf(request.caller) };
}
