import { defined } from '../../core/defined.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Plugin } from '../../core/plugin.ts';
import { DEFAULT_RULE } from '../../core/quarantine.ts';
import type { InputSchemas } from '../../ports/input-schemas.ts';
import { httpApi } from '../http/http-api.ts';
import { iso } from '../http/iso.ts';
import { pageByName } from '../http/paging.ts';
import type { QuarantinePorts } from '../quarantine/quarantine-routes.ts';
import { quarantineRoutes } from '../quarantine/quarantine-routes.ts';
import { viewQuarantine } from '../quarantine/quarantine-view.ts';

export interface PluginsPorts extends QuarantinePorts {
  readonly inputSchemas: Pick<InputSchemas, 'all'>;
}

export function makePlugins(ports: PluginsPorts) {
  const { registry, inputSchemas } = ports;
  return httpApi([
    ...quarantineRoutes(ports),
    {
      method: 'GET',
      path: '/plugins',
      readsQuery: true,
      handle: async ({ query }) => {
        const [registered, schemas] = await Promise.all([
          registry.plugins({ fresh: true }),
          inputSchemas.all(),
        ]);
        const { page, ...next } = pageByName(registered.values(), query);
        const plugins = page.map((plugin) => view(plugin, schemas.get(plugin.name)));
        return { status: 200, body: { plugins, ...next } };
      },
    },
  ]);
}

function view(plugin: Plugin, inputSchema: JsonObject | undefined): object {
  const { queueUrl, queueArn, joinedBefore, registeredAt, quarantined, ...shown } = plugin;
  // What was registered before there were quarantines has the default.
  const { quarantine = DEFAULT_RULE } = plugin;
  return {
    ...{ ...shown, quarantine, registeredAt: iso(registeredAt) },
    ...defined({ inputSchema, quarantined: quarantined && viewQuarantine(quarantined) }),
  };
}
