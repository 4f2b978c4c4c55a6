import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import {
  definePlugin,
  MAX_RESULT_BYTES,
  PermanentError,
  RetryLaterError,
} from '../../src/sdk/index.ts';
import { performOnce } from '../../src/sdk/testing.ts';

const throwing = (thrown: unknown) =>
  performOnce(
    definePlugin(() => {
      throw thrown;
    }),
    null,
  );

const UNREADABLE = 'what was thrown cannot be read';
const fail = (message: string): never => {
  throw new Error(message);
};

describe('what a plugin throws', () => {
  it('PermanentError fails the task for good', async () => {
    expect(await throwing(new PermanentError('NO_FUNDS', 'the account is empty'))).toMatchObject({
      status: 'failed',
      retry: 'never',
      error: { code: 'NO_FUNDS', message: 'the account is empty' },
    });
  });

  it('RetryLaterError chooses when the next attempt starts', async () => {
    expect(await throwing(new RetryLaterError(90, 'the bank is busy'))).toMatchObject({
      status: 'failed',
      retry: 'later',
      afterSeconds: 90,
      error: { code: 'RETRY_LATER', message: 'the bank is busy' },
    });
  });

  // Was: errors of another copy of the SDK (a worker's command and the plugin that it runs; a package that plugins share) were retried like any
  // other. Now: they are known by a mark that all copies have.
  it('is known whichever copy of the SDK it comes from', async () => {
    const other = await import(`../../src/sdk/task-errors.ts?${'another copy'}`);
    expect(other.PermanentError).not.toBe(PermanentError);
    expect(await throwing(new other.PermanentError('NO_FUNDS', 'empty'))).toMatchObject({
      retry: 'never',
      error: { code: 'NO_FUNDS' },
    });
    expect(await throwing(new other.RetryLaterError(90, 'busy'))).toMatchObject({
      retry: 'later',
      afterSeconds: 90,
    });
  });

  // Was: what could not be made a text threw out of the handler, and its batch came again as a whole, until it was dead. Now: its task fails.
  it.each<[string, () => unknown, string, string]>([
    ['nothing to print it with', () => Object.create(null), 'UNEXPECTED_ERROR', UNREADABLE],
    [
      'a message that is no text',
      () => Object.assign(new Error('x'), { message: { why: 1 } }),
      ...(['UNEXPECTED_ERROR', '[object Object]'] as const),
    ],
    [
      'no message at all',
      () => Object.defineProperty(new TypeError('x'), 'message', { value: undefined }),
      ...(['TYPE_ERROR', 'TypeError'] as const),
    ],
    [
      'properties that throw',
      () => Object.defineProperty(new Error('x'), 'message', { get: () => fail('unread') }),
      ...(['UNEXPECTED_ERROR', UNREADABLE] as const),
    ],
    ['the looks of an error', () => ({ code: 'EFOO', message: 'hello' }), 'EFOO', 'hello'],
  ])('fails its task alone where it has %s', async (_, thrown, code, message) => {
    expect(await throwing(thrown())).toMatchObject({
      status: 'failed',
      retry: 'policy',
      error: { code, message },
    });
  });

  it('fails its task alone where its stack is no text', async () => {
    const error = Object.assign(new PermanentError('NO_FUNDS', 'empty'), { stack: 5 });
    expect(await throwing(error)).toMatchObject({ retry: 'never', error: { code: 'NO_FUNDS' } });
  });

  it.each([-1, Number.NaN, 31_536_001])('RetryLaterError refuses a pause of %p s', (seconds) => {
    expect(() => new RetryLaterError(seconds, 'later')).toThrow(RangeError);
  });

  it.each([
    ['a named error', new TypeError('no such thing'), 'TYPE_ERROR', 'no such thing'],
    [
      'an error with a code',
      Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
      'ECONNREFUSED',
      'refused',
    ],
    [
      'an AWS error',
      Object.assign(new Error('gone'), { name: 'NoSuchKey' }),
      'NO_SUCH_KEY',
      'gone',
    ],
    [
      'an error with a numeric code',
      Object.assign(new Error('old'), { code: 7 }),
      'UNEXPECTED_ERROR',
      'old',
    ],
    ['a string', 'just a string', 'UNEXPECTED_ERROR', 'just a string'],
    ['nothing', undefined, 'UNEXPECTED_ERROR', 'undefined'],
  ])('%s is retried by policy, under its own code', async (_, thrown, code, message) => {
    expect(await throwing(thrown)).toMatchObject({
      status: 'failed',
      retry: 'policy',
      error: { code, message },
    });
  });

  it('of any length fits the orchestrator', async () => {
    const performed = await throwing(
      Object.assign(new Error('m'.repeat(9000)), { code: 'C'.repeat(900) }),
    );
    expect(performed).toMatchObject({
      error: { code: 'C'.repeat(100), message: 'm'.repeat(4096) },
    });
  });

  it('is logged with the ids of its task, and without its input', async () => {
    const plugin = definePlugin((_: { secret: string }) => {
      throw new TypeError('oops');
    });
    const { logged } = await performOnce(plugin, { secret: 'hunter2' }, { orderId: 'o-9' });
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({ level: 'warn', orderId: 'o-9', taskId: 't1', attempt: 1 });
    expect(JSON.stringify(logged)).not.toContain('hunter2');
  });
});

describe('a result', () => {
  const answering = (result: unknown) =>
    performOnce(
      definePlugin(() => result),
      null,
    );

  it.each([
    ['NaN', { width: Number.NaN }, 'result.width is NaN'],
    ['Infinity', 1e308 * 10, 'the result is Infinity'],
    ['a BigInt', { id: 5n }, 'result.id is a bigint'],
    ['a function', { next: () => 1 }, 'result.next is a function'],
    ['a map', { sizes: new Map() }, 'result.sizes is a Map'],
  ])('that holds %s is no JSON and fails the task for good', async (_, result, reason) => {
    expect(await answering(result)).toMatchObject({
      retry: 'never',
      error: { code: 'RESULT_NOT_JSON', message: `a result is JSON, but ${reason}` },
    });
  });

  it('that contains itself is no JSON', async () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(await answering(circle)).toMatchObject({ error: { code: 'RESULT_NOT_JSON' } });
  });

  it('of 5 MiB is taken, and one byte more is not', async () => {
    const largest = 'x'.repeat(MAX_RESULT_BYTES - 2);
    expect(await answering(largest)).toMatchObject({ status: 'completed' });
    expect(await answering(`${largest}x`)).toMatchObject({
      retry: 'never',
      error: { code: 'RESULT_TOO_LARGE' },
    });
  });

  // Was: no limit; the orchestrator could not read the message, and with it lost the answers beside. Now: refused here.
  it('of 64 levels is taken, and one level more is not', async () => {
    const nested = (levels: number): unknown =>
      Array.from({ length: levels }).reduce((inner) => [inner], 0);
    expect(await answering(nested(64))).toMatchObject({ status: 'completed' });
    expect(await answering(nested(65))).toMatchObject({
      retry: 'never',
      error: { code: 'RESULT_TOO_DEEP' },
    });
  });

  it('of nothing is null', async () => {
    expect(await answering(undefined)).toMatchObject({ status: 'completed', result: null });
  });
});

describe('an input', () => {
  const schema = z.object({ sizes: z.array(z.object({ width: z.number() })) });
  const sum = definePlugin(({ sizes }) => sizes.reduce((all, { width }) => all + width, 0), {
    input: schema,
  });

  it('that fits its schema is performed', async () => {
    expect(await performOnce(sum, { sizes: [{ width: 2 }, { width: 3 }] })).toMatchObject({
      status: 'completed',
      result: 5,
    });
  });

  it('that does not fit fails for good, naming the field', async () => {
    expect(await performOnce(sum, { sizes: [{ width: 2 }, { width: 'wide' }] })).toMatchObject({
      retry: 'never',
      error: {
        code: 'INVALID_INPUT',
        message: 'input.sizes[1].width: must be a number',
      },
    });
  });

  // Was: what an asynchronous `parse` rejected with was retried, and the type of the input was a promise. Now: it is as what one throws.
  it('is checked by what parses asynchronously', async () => {
    const parse = async (value: unknown) => {
      if (typeof value === 'string') return value;
      throw new Error('a text is needed');
    };
    const shout = definePlugin((text) => text.toUpperCase(), { input: { parse } });
    expect(await performOnce(shout, 'ada')).toMatchObject({ result: 'ADA' });
    expect(await performOnce(shout, 5)).toMatchObject({
      retry: 'never',
      error: { code: 'INVALID_INPUT', message: 'input: a text is needed' },
    });
  });

  it('is checked by anything that parses', async () => {
    const parse = (value: unknown) => {
      if (typeof value === 'string') return value;
      throw new Error('a text is needed');
    };
    const shout = definePlugin((text) => text.toUpperCase(), { input: { parse } });
    expect(await performOnce(shout, 'hey')).toMatchObject({ result: 'HEY' });
    expect(await performOnce(shout, 5)).toMatchObject({
      retry: 'never',
      error: { code: 'INVALID_INPUT', message: 'input: a text is needed' },
    });
  });
});

// Was: it failed with a TYPE_ERROR, and was retried. Now: nothing comes of it, and nothing counts as null.
it('a result whose own JSON form is undefined is null', async () => {
  const plugin = definePlugin(() => ({ toJSON: () => undefined }));
  expect(await performOnce(plugin, 1)).toMatchObject({ status: 'completed', result: null });
});

// Was: it said that the plugin had sent no answer. Now: it is the input of whoever comes after a plugin that returns nothing.
it('an input that is undefined is null', async () => {
  const plugin = definePlugin((input) => ({ input }));
  expect(await performOnce(plugin, undefined)).toMatchObject({ result: { input: null } });
});

// Was: neither could be set. Now: a plugin of an `onFailure` can be tested.
it('a task brings the failure that it is about', async () => {
  const caught = { code: 'NO_FUNDS', message: 'empty', task: 'card', plugin: 'card', attempt: 1 };
  const plugin = definePlugin((_, task) => ({ caught: task.caught?.code ?? 'none' }));
  expect(await performOnce(plugin, 1, { caught })).toMatchObject({
    result: { caught: 'NO_FUNDS' },
  });
  expect(await performOnce(plugin, 1)).toMatchObject({ result: { caught: 'none' } });
});
