import { describe, expect, it } from '@jest/globals';
import type { Definition } from '../../src/contract/definition-content.ts';
import type { Workflows } from '../../src/ports/workflows.ts';
import type { OpenStore } from './store.ts';
import { times } from './store.ts';

const definition = (name: string, plugin = 'A'): Definition => ({
  name,
  on: ['photo.received'],
  activities: [
    { name: 'check', pre: [{ plugin, input: { a: 1, b: 'payload' } }], parallel: [], post: [] },
  ],
});

export function workflowsContract(open: OpenStore<Workflows>): void {
  describe('workflows', () => {
    it('that there are not, are undefined', async () => {
      const workflows = (await open()).connect();
      await workflows.put(definition('w'));
      expect(await workflows.get({ name: 'w', version: 2 })).toBeUndefined();
      expect(await workflows.get({ name: 'v', version: 1 })).toBeUndefined();
      expect(await workflows.latest('v')).toBeUndefined();
    });

    it('get a new version when they say something new, and keep the old one', async () => {
      const store = await open();
      const one = { ...definition('w'), version: 1 };
      const two = { ...definition('w', 'B'), version: 2 };
      expect(await store.connect().put(definition('w'))).toEqual({ workflow: one, created: true });
      expect(await store.connect().put(definition('w', 'B'))).toEqual({
        workflow: two,
        created: true,
      });
      expect(await store.connect().get({ name: 'w', version: 1 })).toEqual(one);
      expect(await store.connect().get({ name: 'w', version: 2 })).toEqual(two);
      expect(await store.connect().latest('w')).toEqual(two);
    });

    it('tell of each version when it was stored, and by whom', async () => {
      const workflows = (await open()).connect();
      await workflows.put(definition('w'), 'operator ada');
      await workflows.put(definition('w', 'B'));
      await workflows.put(definition('w', 'B'), 'somebody else');
      await workflows.put(definition('w2'));
      const versions = (await workflows.versions('w')).toSorted((a, b) => a.version - b.version);
      const storedAt = expect.any(Number);
      expect(versions).toEqual([
        { version: 1, storedAt, storedBy: 'operator ada' },
        { version: 2, storedAt },
      ]);
      expect(await workflows.versions('v')).toEqual([]);
    });

    it('keep their version when they say the same, in whatever order of keys', async () => {
      const store = await open();
      await store.connect().put(definition('w'));
      const { activities, on, name } = definition('w');
      const [check] = activities.map(({ post, parallel, pre, name: activity }) => ({
        ...{ post, parallel, name: activity },
        pre: pre.map((entry) => ({ input: { b: 'payload', a: 1 }, ...entry })),
      }));
      const again = await store.connect().put({ activities: check ? [check] : [], on, name });
      expect(again).toEqual({ workflow: { ...definition('w'), version: 1 }, created: false });
    });

    it('get a new version when they say again what an older version said', async () => {
      const workflows = (await open()).connect();
      for (const plugin of ['A', 'B', 'A']) await workflows.put(definition('w', plugin));
      expect((await workflows.latest('w'))?.version).toBe(3);
    });

    it('are listed in their latest version, by name, without those of ad-hoc lists', async () => {
      const workflows = (await open()).connect();
      await workflows.put(definition('b'));
      await workflows.put(definition('a'));
      await workflows.put(definition('a', 'B'));
      await workflows.put(definition('todo-4f2a'));
      const listed = await workflows.list();
      expect(listed.map(({ name, version }) => `${name} ${version}`)).toEqual(['a 2', 'b 1']);
    });

    it('of ad-hoc lists are stored once', async () => {
      const store = await open();
      const todo = { ...definition('todo-4f2a'), version: 1 };
      const workflows = store.connect();
      expect(await workflows.put(definition('todo-4f2a'))).toEqual({
        workflow: todo,
        created: true,
      });
      for (const instance of [workflows, store.connect()]) {
        const again = await instance.put(definition('todo-4f2a'));
        expect(again).toEqual({ workflow: todo, created: false });
        expect(await instance.get({ name: 'todo-4f2a', version: 1 })).toEqual(todo);
        expect(await instance.latest('todo-4f2a')).toEqual(todo);
      }
    });

    it('that ten instances put at once get ten versions, none twice', async () => {
      const store = await open();
      const put = await Promise.all(
        times(10, (index) => store.connect().put(definition('w', `P${index}`))),
      );
      const versions = put.map(({ workflow }) => workflow.version).sort((a, b) => a - b);
      expect(versions).toEqual(times(10, (index) => index + 1));
      expect((await store.connect().latest('w'))?.version).toBe(10);
      for (const { workflow } of put) {
        expect(await store.connect().get(workflow)).toEqual(workflow);
      }
    });

    it('that ten instances put at once and alike get one version, created once', async () => {
      const store = await open();
      const put = await Promise.all(times(10, () => store.connect().put(definition('w'))));
      expect(put.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(put.map(({ workflow }) => workflow.version))).toEqual(new Set([1]));
    });
  });
}
