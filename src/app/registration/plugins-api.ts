import type { Plugin } from '../../core/plugin.ts';
import type { Registry } from '../../ports/registry.ts';
import { httpApi } from '../http/http-api.ts';
import { pageByName } from '../http/paging.ts';
import { iso } from '../orders/order-view.ts';

export function makePlugins({ registry }: { readonly registry: Registry }) {
  return httpApi([
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

function view({ queueUrl, queueArn, joinedBefore, registeredAt, ...plugin }: Plugin): object {
  return { ...plugin, registeredAt: iso(registeredAt) };
}
