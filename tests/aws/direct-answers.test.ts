import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createDirectAnswers } from '../../src/aws/direct-answers.ts';
import { connectFunctionService } from '../../src/aws-calls/function-service.ts';
import { startScriptedService } from '../aws-calls/scripted-service.ts';

const QUESTION = { orderId: 'o1', until: 1_790_000_000_000, forOperator: true };

let service: Awaited<ReturnType<typeof startScriptedService>>;
beforeAll(async () => {
  service = await startScriptedService();
});
beforeEach(() => void service.received.splice(0));
afterAll(() => service.stop());

const ask = (name = 'baton-dev-answer') =>
  createDirectAnswers(connectFunctionService(service.options), name).ask(QUESTION);

it('the function is asked, and what it says is the answer', async () => {
  const answer = { outcome: 'timeUp', status: 'running' };
  service.replyWith({ body: JSON.stringify(answer) });
  expect(await ask()).toEqual(answer);
  const [{ url, body } = { url: '', body: '' }] = service.received;
  expect(url).toBe('/2015-03-31/functions/baton-dev-answer/invocations');
  expect(JSON.parse(body)).toEqual(QUESTION);
});

it('nobody is asked where there is no such function', async () => {
  expect(await ask('')).toEqual({ outcome: 'switchedOff' });
  expect(service.received).toEqual([]);
});

it('a function whose instances are all busy says that too many wait', async () => {
  const body = '{"Type":"User","message":"Rate Exceeded."}';
  service.replyWith({
    status: 429,
    body,
    headers: { 'x-amzn-errortype': 'TooManyRequestsException' },
  });
  expect(await ask()).toEqual({ outcome: 'tooManyWaiting' });
});

it('a function that throws gives no answer', async () => {
  service.replyWith({ body: '{"errorType":"Error","errorMessage":"there is no order o1"}' });
  await expect(ask()).rejects.toThrow('there is no order o1');
});

it('a refusal of another kind is none', async () => {
  service.replyWith({ status: 403, body: '{"__type":"AccessDeniedException","message":"no"}' });
  await expect(ask()).rejects.toThrow('no');
});
