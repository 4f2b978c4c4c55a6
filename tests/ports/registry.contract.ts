import { describe, expect, test } from '@jest/globals';
import {
  pluginDefinitionSchema,
  toPluginDefinition,
} from '../../src/contract/plugin-definition.ts';
import type { Plugin } from '../../src/core/plugin.ts';
import type { Registry } from '../../src/ports/registry.ts';
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

export function registryContract(open: OpenStore<Registry>): void {
  describe('a registry', () => {
    test('knows every plugin that was put, by name', async () => {
      const store = await open();
      const filter = { kind: ['photo', { prefix: 'raw' }] };
      const joins = [
        { activity: 'make', stage: 'parallel', order: 10, mandatory: false, filter } as const,
      ];
      const plugins = [plugin('A', { history: true }), plugin('B', { joins })];
      for (const one of plugins) {
        expect(await store.connect().put(one)).toEqual({ owner: 'stack-1' });
      }
      const known = await store.connect().plugins();
      expect(known).toEqual(new Map(plugins.map((one) => [one.name, one])));
    });

    test('lets its owner change a registration', async () => {
      const registry = (await open()).connect();
      await registry.put(plugin('A'));
      await registry.put(plugin('A', { timeoutSeconds: 5 }));
      expect((await registry.plugins()).get('A')?.timeoutSeconds).toBe(5);
    });

    test('keeps the registration of one owner from another, and names the owner', async () => {
      const registry = (await open()).connect();
      await registry.put(plugin('A'));
      expect(await registry.put(plugin('A', { owner: 'stack-2' }))).toEqual({ owner: 'stack-1' });
      await registry.remove('A', 'stack-2');
      expect((await registry.plugins()).get('A')).toEqual(plugin('A'));
    });

    test('gives a name free when its owner removes it, twice too', async () => {
      const registry = (await open()).connect();
      await registry.put(plugin('A'));
      await registry.remove('A', 'stack-1');
      await registry.remove('A', 'stack-1');
      expect(await registry.plugins()).toEqual(new Map());
      expect(await registry.put(plugin('A', { owner: 'stack-2' }))).toEqual({ owner: 'stack-2' });
    });

    test('gives a name that ten stacks want at once to one of them', async () => {
      const store = await open();
      const owners = await Promise.all(
        times(10, (index) => store.connect().put(plugin('A', { owner: `stack-${index}` }))),
      );
      expect(new Set(owners.map(({ owner }) => owner)).size).toBe(1);
    });

    test('knows which plugins are switched off, and nothing of one that there is not', async () => {
      const registry = (await open()).connect();
      await registry.put(plugin('A'));
      await registry.setSwitchedOff('A', true);
      await registry.setSwitchedOff('B', true);
      const off = plugin('A', { switchedOff: true });
      expect(await registry.plugins()).toEqual(new Map([['A', off]]));
      await registry.put({ ...off, timeoutSeconds: 5 });
      expect((await registry.plugins()).get('A')).toEqual({ ...off, timeoutSeconds: 5 });
      await registry.setSwitchedOff('A', false);
      expect((await registry.plugins()).get('A')).toEqual(plugin('A', { timeoutSeconds: 5 }));
    });

    test('knows which plugins retire, says so for their owner only, and forgets it when they are put again', async () => {
      const registry = (await open()).connect();
      await registry.put(plugin('A'));
      expect(await registry.setDraining('A', 'stack-2')).toBe(false);
      expect(await registry.setDraining('B', 'stack-1')).toBe(false);
      expect(await registry.plugins()).toEqual(new Map([['A', plugin('A')]]));
      expect(await registry.setDraining('A', 'stack-1')).toBe(true);
      expect((await registry.plugins()).get('A')).toEqual(plugin('A', { draining: true }));
      await registry.put(plugin('A'));
      expect((await registry.plugins()).get('A')).toEqual(plugin('A'));
    });

    test('sees at once what another instance put, when asked for it fresh', async () => {
      const store = await open();
      const registry = store.connect();
      expect(await registry.plugins()).toEqual(new Map());
      await store.connect().put(plugin('A'));
      expect([...(await registry.plugins({ fresh: true })).keys()]).toEqual(['A']);
      expect([...(await registry.plugins()).keys()]).toEqual(['A']);
    });
  });
}
