import { defined } from '../../core/defined.ts';
import type { Plugin } from '../../core/plugin.ts';
import { DEFAULT_RULE } from '../../core/quarantine.ts';
import { httpApi } from '../http/http-api.ts';
import { pageByName } from '../http/paging.ts';
import { iso } from '../orders/order-view.ts';
import type { QuarantinePorts } from '../quarantine/quarantine-routes.ts';
import { quarantineRoutes } from '../quarantine/quarantine-routes.ts';
import { viewQuarantine } from '../quarantine/quarantine-view.ts';

export function makePlugins(ports: QuarantinePorts) {
  const { registry } = ports;
  return httpApi([
    ...quarantineRoutes(ports),
    {
      method: 'GET',
      path: '/plugins',
      handle: async ({ query }) => {
        const registered = await registry.plugins({ fresh: true });
        const { page, ...next } = pageByName(registered.values(), query);
        return { status: 200, body: { plugins: page.map(view), ...next } };
      },
    },
  ]);
}

function view(plugin: Plugin): object {
  const { queueUrl, queueArn, joinedBefore, registeredAt, quarantined, ...shown } = plugin;
  // What was registered before there were quarantines has the default.
  const { quarantine = DEFAULT_RULE } = plugin;
  return {
    ...{ ...shown, quarantine, registeredAt: iso(registeredAt) },
    ...defined({ quarantined: quarantined && viewQuarantine(quarantined) }),
  };
}
