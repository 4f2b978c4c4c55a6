import { describe, expect, it } from '@jest/globals';
import { RefusedError, UnreachableError } from '../../src/client/errors.ts';
import {
  attributesText,
  filterOf,
  withAttributes,
  withFilter,
} from '../../src/console/orders/filter.ts';
import { queryText } from '../../src/console/query.ts';
import { isUnanswered } from '../../src/console/reading/is-unanswered.ts';
import { pauseAfter } from '../../src/console/reading/poll-pause.ts';
import { rememberingFetch } from '../../src/console/reading/remembering-fetch.ts';
import { requestKeys } from '../../src/console/reading/request-keys.ts';

describe('the pause between two looks', () => {
  it('is 2 s after a change, and grows to 15 s while nothing changes', () => {
    const pauses = [pauseAfter('changed', 9000)];
    for (let look = 0; look < 8; look += 1)
      pauses.push(pauseAfter('unchanged', pauses.at(-1) ?? 0));
    expect(pauses.slice(0, 4)).toEqual([2000, 3000, 4500, 6750]);
    expect(pauses.at(-1)).toBe(15_000);
  });

  it('doubles up to 30 s while nobody answers', () => {
    const pauses = [pauseAfter('failed', 0)];
    for (let look = 0; look < 8; look += 1) pauses.push(pauseAfter('failed', pauses.at(-1) ?? 0));
    expect(pauses.slice(0, 2)).toEqual([4000, 8000]);
    expect(pauses.at(-1)).toBe(30_000);
  });
});

describe('the fetch that remembers', () => {
  /** An API whose content has a version. */
  function api() {
    const asked: (string | null)[] = [];
    let version = 1;
    const fetch = rememberingFetch(async (_input, init) => {
      const given = new Headers(init?.headers).get('if-none-match');
      asked.push(given);
      if (given === `"${version}"`) return new Response(null, { status: 304 });
      return new Response(JSON.stringify({ version }), { headers: { etag: `"${version}"` } });
    });
    return {
      ...{ asked, fetch },
      change: () => {
        version += 1;
      },
    };
  }

  it('asks whether what it has seen has changed, and gives it again where it has not', async () => {
    const { fetch, asked, change } = api();
    const bodies = [];
    for (let look = 0; look < 2; look += 1) bodies.push(await (await fetch('/orders')).json());
    change();
    const last = await fetch('/orders');
    expect([...bodies, await last.json()]).toEqual([
      { version: 1 },
      { version: 1 },
      { version: 2 },
    ]);
    expect(asked).toEqual([null, '"1"', '"1"']);
    expect(last.status).toBe(200);
  });

  it('keeps what one token has seen from another', async () => {
    const { fetch, asked } = api();
    await fetch('/orders', { headers: { authorization: 'Bearer a' } });
    await fetch('/orders', { headers: { authorization: 'Bearer b' } });
    expect(asked).toEqual([null, null]);
  });

  it('sends what changes something as it is', async () => {
    const { fetch, asked } = api();
    await fetch('/orders', { method: 'POST' });
    await fetch('/orders', { method: 'POST' });
    expect(asked).toEqual([null, null]);
  });

  it('forgets the oldest of many', async () => {
    const { fetch, asked } = api();
    await fetch('/orders/first');
    for (let order = 0; order < 40; order += 1) await fetch(`/orders/${order}`);
    await fetch('/orders/first');
    expect(asked.at(-1)).toBeNull();
  });
});

describe('the key of a request', () => {
  const place = { method: 'POST', path: '/orders', body: '{"input":5}' };
  const pause = { method: 'POST', path: '/orders/o-1/pause', body: '{}' };
  const resume = { method: 'POST', path: '/orders/o-1/resume', body: '{}' };

  function keys() {
    let made = 0;
    const clock = { now: 0 };
    const own = requestKeys(
      () => `key ${++made}`,
      () => clock.now,
    );
    return { ...own, clock };
  }

  // Was: who pressed again after an answer had been lost placed a second order.
  // Now: the same request has the same key until it is answered.
  it('stays the same until it is answered', () => {
    const { keyOf, answered } = keys();
    expect(keyOf(place)).toBe('key 1');
    expect(keyOf(place)).toBe('key 1');
    answered(place);
    expect(keyOf(place)).toBe('key 2');
  });

  it('is that of the same request only: method, path and every byte', () => {
    const { keyOf } = keys();
    const file = (...bytes: number[]) => ({ ...place, body: new Uint8Array(bytes) });
    const all = [place, { ...place, body: '{"input":6}' }, pause, resume, file(1, 2), file(1, 3)];
    expect(new Set(all.map(keyOf)).size).toBe(all.length);
    expect(keyOf(file(1, 2))).toBe('key 5');
  });

  it('is another one once something else was done to the same order', () => {
    const { keyOf, answered } = keys();
    keyOf(place);
    keyOf(pause);
    keyOf(resume);
    answered(resume);
    expect(keyOf(pause)).toBe('key 4');
    expect(keyOf(place)).toBe('key 1');
  });

  it('stays the same where another order was placed meanwhile', () => {
    const { keyOf, answered } = keys();
    keyOf(place);
    const other = { ...place, body: '{"input":6}' };
    keyOf(other);
    answered(other);
    answered({ method: 'POST', path: '/orders?workflow=w', body: 'a,b' });
    expect(keyOf(place)).toBe('key 1');
  });

  it('is another one after a while', () => {
    const { keyOf, clock } = keys();
    keyOf(place);
    clock.now = 15 * 60_000;
    expect(keyOf(place)).toBe('key 2');
  });
});

it('nobody knows whether something was done where no answer came, or Baton is unwell', () => {
  const refused = (status: number) => new RefusedError({ status, code: 'X', detail: 'x' });
  expect([new UnreachableError('silence'), refused(503)].every(isUnanswered)).toBe(true);
  expect([refused(429), refused(422), new Error('not JSON')].some(isUnanswered)).toBe(false);
});

describe('the filter of the list', () => {
  it('is what of the address is a filter, several values of one name included', () => {
    const params = new URLSearchParams('status=failed&status=paused&plugin=A&page=7&workflow=');
    expect(filterOf(params)).toEqual({ status: ['failed', 'paused'], plugin: 'A' });
  });

  it('comes back from the address that it makes', () => {
    const filter = { status: ['failed', 'paused'], workflow: 'a&b=c' };
    expect(filterOf(new URLSearchParams(queryText(filter)))).toEqual(filter);
  });

  it('holds attributes, which one writes into a field', () => {
    const filter = withAttributes(
      { status: 'failed', 'attribute.old': '1' },
      'customer=acme, x=a=b',
    );
    expect(filter).toEqual({
      ...{ status: 'failed', 'attribute.customer': 'acme', 'attribute.x': 'a=b' },
    });
    expect(attributesText(filter ?? {})).toBe('customer=acme, x=a=b');
    expect(filterOf(new URLSearchParams(queryText(filter ?? {})))).toEqual(filter);
    expect(withAttributes({ 'attribute.old': '1' }, '')).toEqual({});
    expect(withAttributes({}, 'acme')).toBeUndefined();
  });

  it('loses a name whose value is taken away', () => {
    expect(withFilter({ status: 'failed', plugin: 'A' }, 'status', '')).toEqual({ plugin: 'A' });
    expect(withFilter({}, 'status', ['failed'])).toEqual({ status: ['failed'] });
  });
});
