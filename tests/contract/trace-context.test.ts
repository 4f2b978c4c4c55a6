import { describe, expect, it } from '@jest/globals';
import { partsOf, readTrace, writeTraceparent } from '../../src/contract/trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const good = `00-${TRACE}-${SPAN}-01`;

describe('a traceparent', () => {
  it.each([
    ['of version 00', good, good],
    ['that says not to record', `00-${TRACE}-${SPAN}-00`, `00-${TRACE}-${SPAN}-00`],
    ['with spaces around it', `  ${good} `, good],
    ['of a later version', `cc-${TRACE}-${SPAN}-01`, good],
    ['of a later version, with more in it', `cc-${TRACE}-${SPAN}-01-what-comes`, good],
    ['with flags that have no meaning yet', `00-${TRACE}-${SPAN}-ff`, `00-${TRACE}-${SPAN}-03`],
  ])('%s is read', (_, given, read) => {
    expect(readTrace(given, undefined)).toEqual({ traceparent: read });
  });

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['of version ff', `ff-${TRACE}-${SPAN}-01`],
    ['of version 00, with more in it', `${good}-more`],
    ['in capitals', good.toUpperCase()],
    ['without a trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['without a span', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['two headers in one', `${good},${good}`],
    ['no hexadecimal', `00-${TRACE.replace('4', 'g')}-${SPAN}-01`],
  ])('that is %s counts as none, with its tracestate', (_, given) => {
    expect(readTrace(given, 'a=1')).toBeUndefined();
  });
});

describe('a tracestate', () => {
  const stateOf = (text: string) => readTrace(good, text)?.tracestate;

  it('goes along, without the spaces between its members', () => {
    expect(stateOf('rojo=00f067aa0ba902b7 , congo@vendor=t61rcWkgMzE,,')).toBe(
      'rojo=00f067aa0ba902b7,congo@vendor=t61rcWkgMzE',
    );
  });

  it.each([
    ['empty', ''],
    ['malformed', 'a=1,b'],
    ['with a capital key', 'A=1'],
    ['of more than 32 members', Array.from({ length: 33 }, (_, n) => `k${n}=1`).join(',')],
    ['longer than 512 characters', `a=${'x'.repeat(250)},b=${'x'.repeat(250)},c=${'x'.repeat(20)}`],
    ['with a line break', 'a=1\nb'],
  ])('that is %s is left out; the trace stays', (_, text) => {
    expect(readTrace(good, text)).toEqual({ traceparent: good });
  });
});

it('what is written is read as it was', () => {
  for (const sampled of [true, false]) {
    const parts = { traceId: TRACE, spanId: SPAN, sampled };
    expect(partsOf(writeTraceparent(parts))).toEqual(parts);
    expect(readTrace(writeTraceparent(parts), undefined)).toBeDefined();
  }
});
