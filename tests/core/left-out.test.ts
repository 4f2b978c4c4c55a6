import { describe, expect, it } from '@jest/globals';
import type { Attributes } from '../../src/core/order.ts';
import type { Plugin } from '../../src/core/plugin.ts';
import { given } from './order-specification.ts';
import type { Stages } from './vocabulary.ts';
import { accepted, completed, joins, plugin, plugins, workflow } from './vocabulary.ts';

/** Who did not take part, as the entries of an order tell it whose first task is done. */
async function leftOut(stages: Stages, registered: readonly Plugin[], attributes: Attributes = {}) {
  const order = given(
    { workflow: workflow(stages), plugins: registered, attributes },
    accepted(),
    completed('t1', 1),
  );
  const { journal } = await order.told();
  return journal.map((entry) => entry.leftOut);
}

const photo = { kind: 'photo' };
const films = joins({ filter: { kind: ['film'] } });

describe('whoever joined a stage of everyone and does not take part is named with the reason', () => {
  it('its filter does not match', async () => {
    const registered = [plugin('A', joins()), plugin('B', films)];
    const reason = "its filter does not match the order's attributes";
    const left = { plugin: 'B', status: 'notInvited', activity: 0, stage: 'parallel', reason };
    expect(await leftOut({ parallel: '*' }, registered, photo)).toEqual([
      undefined,
      [left],
      undefined,
    ]);
  });

  it('it retires, whatever its filter says', async () => {
    const registered = [plugin('A', joins()), plugin('B', { ...joins(), draining: true })];
    const reason = 'it retires and takes nothing new';
    expect((await leftOut({ parallel: '*' }, registered))[1]).toMatchObject([
      { plugin: 'B', status: 'notInvited', reason },
    ]);
  });

  it('in the entry in which the order enters the stage', async () => {
    const registered = [plugin('A'), plugin('B', films)];
    const entries = await leftOut({ pre: ['A'], parallel: '*' }, registered, photo);
    expect(entries).toMatchObject([undefined, undefined, [{ plugin: 'B', stage: 'parallel' }]]);
  });

  it('beside the plugins that the stage names', async () => {
    const registered = [plugin('A'), plugin('B', films)];
    const [, first] = await leftOut({ parallel: ['A', '*'] }, registered, photo);
    expect(first).toMatchObject([{ plugin: 'B' }]);
  });
});

describe('nobody is named', () => {
  it('who takes part by one of several joins', async () => {
    const registered = [plugin('A', { joins: [...films.joins, ...joins().joins] })];
    expect((await leftOut({ parallel: '*' }, registered, photo))[1]).toBeUndefined();
  });

  it('whom the stage names itself', async () => {
    const [, first] = await leftOut({ parallel: ['A', '*'] }, [plugin('A', films)], photo);
    expect(first).toBeUndefined();
  });

  it('who joined another stage, another activity or another workflow', async () => {
    const registered = [
      plugin('A', joins()),
      plugin('B', joins({ stage: 'post', filter: { kind: ['film'] } })),
      plugin('C', joins({ activity: 'a2', filter: { kind: ['film'] } })),
      plugin('D', joins({ workflow: 'another', filter: { kind: ['film'] } })),
      plugin('E'),
    ];
    expect((await leftOut({ parallel: '*' }, registered, photo))[1]).toBeUndefined();
  });

  it('nor anything else that there is not, in an entry', async () => {
    const { journal } = await given({ workflow: workflow({ pre: ['A'] }) }, accepted()).told();
    const fields = ['orderId', 'number', 'at', 'events', 'state'];
    expect(journal.map((entry) => Object.keys(entry))).toEqual([fields, fields]);
  });

  it('where a stage does not invite everyone', async () => {
    const registered = [...plugins('A'), plugin('B', films)];
    expect((await leftOut({ parallel: ['A'] }, registered, photo))[1]).toBeUndefined();
  });
});
