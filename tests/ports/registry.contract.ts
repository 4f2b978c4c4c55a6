import { describe, expect, it } from '@jest/globals';
import {
  pluginDefinitionSchema,
  toPluginDefinition,
} from '../../src/contract/plugin-definition.ts';
import type { Plugin } from '../../src/core/plugin.ts';
import type { Registry, StackRequest } from '../../src/ports/registry.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';
import { times } from './store.ts';

export function plugin(name: string, more: Partial<Plugin> = {}): Plugin {
  return {
    ...toPluginDefinition(pluginDefinitionSchema.parse({ name })),
    owner: 'stack-1',
    queueUrl: `http://127.0.0.1:4566/000000000000/baton-local-plugin-${name}`,
    queueArn: `arn:aws:sqs:us-east-1:000000000000:baton-local-plugin-${name}`,
    registeredAt: T0,
    ...more,
  };
}

let requests = 0;

/** A request of the resource that registers the plugin, sent after those before it. */
export function requestOf(name: string, more: Partial<StackRequest> = {}): StackRequest {
  requests += 1;
  return {
    ...{ stackId: 'stack-1/1', logicalId: `${name}Registration` },
    ...{ requestId: `request-${requests}`, sentAt: T0 + requests },
    ...more,
  };
}

export function registryContract(open: OpenStore<Registry>): void {
  describe('a registry', () => {
    it('knows every plugin that was put, by name', async () => {
      const store = await open();
      const filter = { kind: ['photo', { prefix: 'raw' }] };
      const joins = [
        { activity: 'make', stage: 'parallel', order: 10, mandatory: false, filter } as const,
      ];
      const plugins = [plugin('A', { history: true }), plugin('B', { joins })];
      for (const one of plugins) {
        const put = await store.connect().put(one, requestOf(one.name));
        expect(put).toEqual({ outcome: 'registered' });
      }
      const known = await store.connect().plugins();
      expect(known).toEqual(new Map(plugins.map((one) => [one.name, one])));
      expect(await store.connect().find('B')).toEqual(plugins[1]);
      expect(await store.connect().find('C')).toBeUndefined();
    });

    it('lets its owner change a registration', async () => {
      const registry = (await open()).connect();
      await registry.put(plugin('A'), requestOf('A'));
      await registry.put(
        plugin('A', { timeoutSeconds: 5 }),
        requestOf('A', { stackId: 'stack-1/2' }),
      );
      expect((await registry.plugins()).get('A')?.timeoutSeconds).toBe(5);
    });

    it('keeps the registration of one owner from another, and names the owner', async () => {
      const registry = (await open()).connect();
      const other = { stackId: 'stack-2/1' };
      await registry.put(plugin('A'), requestOf('A'));
      const taken = await registry.put(plugin('A', { owner: 'stack-2' }), requestOf('A', other));
      expect(taken).toEqual({ outcome: 'taken', owner: 'stack-1' });
      await registry.remove('A', requestOf('A', other));
      expect(await registry.find('A')).toEqual(plugin('A'));
    });

    it('gives a name free when its owner removes it, twice too', async () => {
      const registry = (await open()).connect();
      await registry.put(plugin('A'), requestOf('A'));
      const removal = requestOf('A');
      await registry.remove('A', removal);
      await registry.remove('A', removal);
      expect(await registry.plugins()).toEqual(new Map());
      const other = plugin('A', { owner: 'stack-2' });
      const put = await registry.put(other, requestOf('A', { stackId: 'stack-2/1' }));
      expect(put).toEqual({ outcome: 'registered' });
    });

    it('gives a name that ten stacks want at once to one of them', async () => {
      const store = await open();
      const put = await Promise.all(
        times(10, (index) => {
          const owner = `stack-${index}`;
          const by = requestOf('A', { stackId: `${owner}/1` });
          return store.connect().put(plugin('A', { owner }), by);
        }),
      );
      expect(put.filter(({ outcome }) => outcome === 'registered')).toHaveLength(1);
      const owner = (await store.connect().find('A'))?.owner;
      const others = put.filter(({ outcome }) => outcome === 'taken');
      expect(others).toEqual(times(9, () => ({ outcome: 'taken', owner })));
    });

    it('goes by the order in which requests were sent, not by that in which they come', async () => {
      const registry = (await open()).connect();
      const [first, second, third] = [requestOf('A'), requestOf('A'), requestOf('A')];
      await registry.put(plugin('A', { timeoutSeconds: 3 }), third);
      for (const by of [first, second, third]) {
        expect(await registry.put(plugin('A'), by)).toEqual({ outcome: 'superseded' });
      }
      await registry.remove('A', second);
      expect(await registry.setDraining('A', 'ARegistration', second)).toBe(false);
      expect(await registry.find('A')).toEqual(plugin('A', { timeoutSeconds: 3 }));
    });

    it('does not bring back what has been removed since, nor keeps others from the name', async () => {
      const registry = (await open()).connect();
      const late = requestOf('A');
      const others = requestOf('A', { stackId: 'stack-2/1' });
      await registry.remove('A', requestOf('A'));
      expect(await registry.put(plugin('A'), late)).toEqual({ outcome: 'superseded' });
      expect(await registry.plugins()).toEqual(new Map());
      const put = await registry.put(plugin('A', { owner: 'stack-2' }), others);
      expect(put).toEqual({ outcome: 'registered' });
    });

    it.each([
      ['an earlier incarnation of its stack', { stackId: 'stack-1/0' }],
      ['another resource of its stack', { logicalId: 'Other' }],
    ])('keeps what %s removes or drains', async (_, other) => {
      const registry = (await open()).connect();
      await registry.put(plugin('A'), requestOf('A'));
      await registry.remove('A', requestOf('A', other));
      const { logicalId, ...by } = requestOf('A', other);
      expect(await registry.setDraining('A', logicalId, { ...by, logicalId: 'ADrain' })).toBe(
        false,
      );
      expect(await registry.find('A')).toEqual(plugin('A'));
    });

    it('knows which plugins are switched off, and nothing of an unknown one', async () => {
      const registry = (await open()).connect();
      await registry.put(plugin('A'), requestOf('A'));
      await registry.setSwitchedOff('A', true);
      await registry.setSwitchedOff('B', true);
      const off = plugin('A', { switchedOff: true });
      expect(await registry.plugins()).toEqual(new Map([['A', off]]));
      await registry.put({ ...off, timeoutSeconds: 5 }, requestOf('A'));
      expect((await registry.plugins()).get('A')).toEqual({ ...off, timeoutSeconds: 5 });
      await registry.setSwitchedOff('A', false);
      expect((await registry.plugins()).get('A')).toEqual(plugin('A', { timeoutSeconds: 5 }));
    });

    it('knows which plugins retire, says so again to the same request, and forgets it when they are put again', async () => {
      const registry = (await open()).connect();
      const put = requestOf('A');
      await registry.put(plugin('A'), put);
      const drain = requestOf('A', { logicalId: 'ADrain' });
      expect(await registry.setDraining('B', 'BRegistration', drain)).toBe(false);
      for (const _ of ['once', 'twice']) {
        expect(await registry.setDraining('A', 'ARegistration', drain)).toBe(true);
        expect(await registry.put(plugin('A'), put)).toEqual({ outcome: 'superseded' });
        expect((await registry.plugins()).get('A')).toEqual(plugin('A', { draining: true }));
      }
      await registry.put(plugin('A'), requestOf('A'));
      expect((await registry.plugins()).get('A')).toEqual(plugin('A'));
      expect(await registry.setDraining('A', 'ARegistration', drain)).toBe(false);
    });

    it('sees at once what another instance put, when asked for it fresh or by name', async () => {
      const store = await open();
      const registry = store.connect();
      expect(await registry.plugins()).toEqual(new Map());
      await store.connect().put(plugin('A'), requestOf('A'));
      expect([...(await registry.plugins({ naming: ['A', 'X'] })).keys()]).toEqual(['A']);
      await store.connect().put(plugin('B'), requestOf('B'));
      expect([...(await registry.plugins({ fresh: true })).keys()]).toEqual(['A', 'B']);
      expect([...(await registry.plugins()).keys()]).toEqual(['A', 'B']);
    });
  });
}
