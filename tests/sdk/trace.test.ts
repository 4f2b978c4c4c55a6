import { expect, it } from '@jest/globals';
import { definePlugin } from '../../src/sdk/index.ts';
import { performOnce } from '../../src/sdk/testing.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const tell = definePlugin((_: null, { traceparent, tracestate }) => ({
  ...(traceparent && { traceparent }),
  ...(tracestate && { tracestate }),
}));

it('a task says where it hangs in a trace', async () => {
  const trace = { traceparent, tracestate: 'rojo=1' };
  expect(await performOnce(tell, null, trace)).toMatchObject({ result: trace });
  expect(await performOnce(tell, null, { traceparent })).toMatchObject({ result: { traceparent } });
});

it('a task of an order that nobody traces says nothing of a trace', async () => {
  expect(await performOnce(tell, null)).toMatchObject({ result: {} });
});
