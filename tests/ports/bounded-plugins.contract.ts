import { expect, it } from '@jest/globals';
import type { BoundedPlugins } from '../../src/ports/bounded-plugins.ts';
import type { OpenStore } from './store.ts';

export function boundedPluginsContract(open: OpenStore<BoundedPlugins>): void {
  it('bounded plugins are listed once, until they are removed', async () => {
    const store = await open();
    const plugins = store.connect();
    expect(await plugins.list()).toEqual([]);
    for (const plugin of ['B', 'A', 'A']) await plugins.add(plugin);
    expect(await store.connect().list()).toEqual(['A', 'B']);
    await plugins.remove('A');
    await plugins.remove('A');
    expect(await plugins.list()).toEqual(['B']);
  });
}
