import { describe, expect, it } from '@jest/globals';
import { given } from './order-specification.ts';
import { accepted, completed, failedForGood, plugins, publish, workflow } from './vocabulary.ts';

const CHILD = {
  ...{ workflow: workflow({ pre: ['A'] }), plugins: plugins('A') },
  parent: { orderId: 'o', taskId: 't2', attempt: 1, depth: 1 },
};
const PARENT = { orderId: 'o', taskId: 't2' };

describe('a child order', () => {
  it('names its parent in each fact about it, to the end', async () => {
    await given(CHILD)
      .when(accepted())
      .then({ status: 'running', commands: [publish('order.started', { parent: PARENT }), {}] });
    const { last } = await given(CHILD, accepted()).when(failedForGood('t1')).told();
    expect(last.commands).toMatchObject([{}, publish('order.failed', { parent: PARENT }), {}]);
  });

  it('lets its parent look after both when it ends, and not before', async () => {
    const { last: begun } = await given(CHILD, accepted()).told();
    expect(begun.commands.map(({ type }) => type)).not.toContain('TendChild');
    await given(CHILD, accepted())
      .when(completed('t1', 1))
      .then({
        status: 'completed',
        commands: [{}, {}, { type: 'TendChild', parent: 'o', child: 'o1' }],
      });
  });
});

describe('an order that somebody has placed', () => {
  it('names no parent', async () => {
    const { parent: _, ...own } = CHILD;
    const { state, last } = await given(own, accepted()).told();
    expect(JSON.stringify([state, last])).not.toContain('parent');
  });
});

describe('a step of a branch', () => {
  it('may be a child order', async () => {
    const branch = { steps: [{ workflow: 'other' }] };
    const setting = { workflow: workflow({ pre: [{ choose: [branch] }] }) };
    await given(setting)
      .when(accepted())
      .then({
        status: 'running',
        commands: [{}, { type: 'DispatchTask', job: 'other', child: 'o1~t1' }],
      });
  });
});
