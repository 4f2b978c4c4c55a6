import { describe, expect, it } from '@jest/globals';
import type { Drain, Drains } from '../../src/ports/drains.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';

const drain = (plugin: string, since = T0): Drain => ({
  ...{ plugin, queueUrl: `https://sqs.example/1/${plugin}`, since },
  reply: {
    ResponseURL: 'https://example.com/answer?signature=x',
    StackId: 'arn:aws:cloudformation:eu-west-1:1:stack/photos/1',
    RequestId: 'request-1',
    LogicalResourceId: `${plugin}Drain`,
  },
});

export function drainsContract(open: OpenStore<Drains>): void {
  describe('drains', () => {
    it('are known until they are removed, one a plugin', async () => {
      const store = await open();
      const drains = store.connect();
      await drains.put(drain('A'));
      await drains.put(drain('B'));
      await drains.put(drain('A', T0 + 1));
      expect(await store.connect().list()).toEqual([drain('A', T0 + 1), drain('B')]);
      await drains.remove('A');
      await drains.remove('A');
      expect(await drains.list()).toEqual([drain('B')]);
    });
  });
}
