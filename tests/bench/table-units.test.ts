import { describe, expect, it } from '@jest/globals';
import {
  itemBytes,
  refusedUnits,
  tableShape,
  type WireItem,
  writeUnits,
} from '../../bench/meter/table-units.ts';

const PLAIN = tableShape({ TableName: 't', KeySchema: [{ AttributeName: 'pk' }] });

const LISTED = tableShape({
  TableName: 't',
  KeySchema: [{ AttributeName: 'pk' }],
  GlobalSecondaryIndexes: [
    {
      KeySchema: [{ AttributeName: 'key' }, { AttributeName: 'sort' }],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['summary'] },
    },
  ],
});

const item = (attributes: Record<string, string>): WireItem => ({
  pk: { S: 'a' },
  ...Object.fromEntries(Object.entries(attributes).map(([name, text]) => [name, { S: text }])),
});

const listed = (sort: string, summary: string) => item({ key: 'k', sort, summary });

describe('the bytes of an item', () => {
  it('are those of names and values in UTF-8', () => {
    expect(itemBytes({ pk: { S: 'ä' }, body: { B: 'AAAA' }, n: { N: '-1700.5' } })).toBe(
      4 + (4 + 3) + (1 + 4),
    );
    expect(itemBytes({ pk: { S: 'a' }, set: { SS: ['ä', 'bcd'] } })).toBe(3 + (3 + 5));
  });

  it('are unknown for values that Baton does not store', () => {
    expect(() => itemBytes({ pk: { M: {} } })).toThrow('a value of type M');
  });
});

describe('the units of a write', () => {
  it('are started kilobytes', () => {
    expect(writeUnits(PLAIN, undefined, item({ body: 'x'.repeat(1017) }))).toBe(1);
    expect(writeUnits(PLAIN, undefined, item({ body: 'x'.repeat(1018) }))).toBe(2);
  });

  it('are those of the larger item, before or after', () => {
    const large = item({ body: 'x'.repeat(3000) });
    expect(writeUnits(PLAIN, large, item({}))).toBe(3);
    expect(writeUnits(PLAIN, large, undefined)).toBe(3);
  });

  it('are one for an item that is not there', () => {
    expect(writeUnits(PLAIN, undefined, undefined)).toBe(1);
  });

  it('are one when refused for an item that is not there, else those of the item', () => {
    expect(refusedUnits(undefined)).toBe(1);
    expect(refusedUnits(item({ body: 'x'.repeat(3000) }))).toBe(3);
  });
});

describe('the units of an index', () => {
  it('are none for an item without its keys', () => {
    expect(writeUnits(LISTED, undefined, item({ key: 'k' }))).toBe(1);
  });

  it('come with an entry, go with it, and change with what it shows', () => {
    const before = listed('1', 'new');
    expect(writeUnits(LISTED, undefined, before)).toBe(2);
    expect(writeUnits(LISTED, before, undefined)).toBe(2);
    expect(writeUnits(LISTED, before, listed('1', 'done'))).toBe(2);
  });

  it('are none where only attributes change that it does not show', () => {
    const before = listed('1', 'new');
    expect(writeUnits(LISTED, before, { ...before, wakeUpAt: { N: '1' } })).toBe(1);
  });

  it('are twice as many for an entry that moves', () => {
    expect(writeUnits(LISTED, listed('1', 'new'), listed('2', 'new'))).toBe(3);
  });

  it('count what the entry shows, not the whole item', () => {
    const large = { ...listed('1', 'new'), body: { S: 'x'.repeat(3000) } };
    expect(writeUnits(LISTED, undefined, large)).toBe(3 + 1);
  });
});
