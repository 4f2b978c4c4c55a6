import type { Plugin } from '../../core/plugin.ts';
import type { Registry } from '../../engine/ports.ts';
import { httpApi } from '../http/http-api.ts';
import { iso } from './order-view.ts';
import { pageByName } from './paging.ts';

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
