import { describe, expect, it } from '@jest/globals';
import * as z from 'zod/mini';
import { cloudEventSchema } from '../../src/contract/cloud-event-request.ts';
import { durationSchema } from '../../src/contract/duration.ts';
import { todoSchema } from '../../src/contract/order-request.ts';
import { parse } from '../../src/contract/parse.ts';
import { retryRequestSchema } from '../../src/contract/requests.ts';

// Was: "limit: Invalid input: expected number, received NaN", in words of the library.
// Now: what would fit, in words of the person who wrote the value.
describe('a value that does not fit is refused with what would fit', () => {
  it.each<[string, z.ZodMiniType, unknown, string]>([
    [
      'a field that is missing',
      z.object({ a: z.string() }),
      {},
      'a: is missing; it must be a string',
    ],
    ['another type', z.object({ a: z.number() }), { a: 'x' }, 'a: must be a number'],
    ['null', z.object({ a: z.array(z.string()) }), { a: null }, 'a: must be an array'],
    ['a text of a query that is no number', z.coerce.number(), 'x', 'must be a number'],
    ['a broken number', z.int(), 1.5, 'must be a whole number'],
    ['too much', z.number().check(z.lte(100)), 101, 'must be at most 100'],
    ['too little', z.number().check(z.gte(60)), 1, 'must be at least 60'],
    ['just the bound', z.number().check(z.gt(0)), 0, 'must be more than 0'],
    ['nothing', z.string().check(z.minLength(1)), '', 'must not be empty'],
    ['too short', z.string().check(z.minLength(3)), 'a', 'must have at least 3 characters'],
    ['too long', z.string().check(z.maxLength(2)), 'abc', 'must have at most 2 characters'],
    ['too many', z.array(z.number()).check(z.maxLength(1)), [1, 2], 'must have at most 1 element'],
    ['no choice', z.enum(['pre', 'post']), 'later', 'must be one of "pre", "post"'],
    ['a missing choice', z.enum(['a', 'b']), undefined, 'is missing; it must be one of "a", "b"'],
    ['another literal', z.literal('true'), '1', 'must be "true"'],
    [
      'no instant',
      z.iso.datetime({ offset: true }),
      'yesterday',
      'must be an instant in ISO 8601 with its time zone, such as 2026-11-26T07:00:00Z',
    ],
    ['no URL', z.url(), 'x', 'must be a URL'],
    ['a multiple', z.number().check(z.multipleOf(5)), 7, 'must be a multiple of 5'],
    ['an unknown key', z.strictObject({}), { b: 1 }, 'b: this key is not known here'],
    [
      'no kind of a union',
      z.discriminatedUnion('action', [
        z.object({ action: z.literal('cancel') }),
        z.object({ action: z.literal('retry') }),
      ]),
      { action: 'stop' },
      'action: must be one of "cancel", "retry"',
    ],
    ['a form of none', z.union([z.string(), z.number()]), true, 'must be a string or a number'],
    // Was: "must have one of the forms that are possible here", and none of them was named. Now: they are.
    ['one of a list', todoSchema, [1], '[0]: must be a string or an array'],
    ['a version', retryRequestSchema, { version: '1' }, 'version: must be "latest" or a number'],
    [
      'an attribute of a CloudEvent',
      cloudEventSchema,
      { specversion: '1.0', id: 'a', source: 'b', type: 'c', priority: {} },
      'priority: must be a string, a number, true or false, or null',
    ],
    [
      'the form of the right type',
      durationSchema,
      'soon',
      'a duration reads like 30s, 10m, 1h30m or 2d',
    ],
    [
      'a form that is missing',
      z.object({ a: z.union([z.string(), z.number()]) }),
      {},
      'a: is missing; it must be a string or a number',
    ],
    [
      'a union in a union',
      z.union([z.null(), z.union([z.string(), z.number()])]),
      true,
      'must be null, a string, or a number',
    ],
  ])('%s', (_name, schema, value, reason) => {
    expect(() => parse(schema, value)).toThrow(new Error(reason));
  });
});
