import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse, Post } from '../../src/cli/api.ts';
import { RefusedError } from '../../src/cli/errors.ts';
import { readOrderFile } from '../../src/cli/order-file/read-order-file.ts';
import { sendFile } from '../../src/cli/submission.ts';
import type { ProblemDocument } from '../../src/contract/problem.ts';
import { createSystem, type System } from '../app/system.ts';
import type { GivenFile } from './files.ts';
import { FILES } from './files.ts';

interface Receipt {
  readonly orderId: string;
  readonly line?: number;
}

interface Outcome {
  readonly accepted: readonly Receipt[];
  readonly rejected: readonly {
    readonly line: number;
    readonly code: string;
    readonly path?: string;
  }[];
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corpus-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(FILES)('$type: $name', (file) => {
  it('comes in by HTTP as is right', async () => {
    const system = await systemWithWorkflow();
    const { status, body } = await post(system, '/orders?workflow=w', {
      body: file.content,
      mediaType: file.type,
    });
    expect(status >= 400 ? refusal(body) : seen(system, body)).toEqual(right(file));
  });

  it.each([
    ['in one post', undefined],
    ['order by order', { orders: 1, bytes: 1_000_000 }],
  ])('comes in by the command line %s alike', async (_name, limits) => {
    const system = await systemWithWorkflow();
    const path = join(folder, 'given');
    await writeFile(path, file.content);
    const api = {
      async post<T>(address: string, content: Post): Promise<ApiResponse<T>> {
        const { status, body } = await post(system, address, content);
        if (status >= 400) throw new RefusedError(body as ProblemDocument);
        return { status, body: body as T };
      },
    };
    const options = { mediaType: file.type, ...(limits && { limits }) };
    const outcome = await readOrderFile(path, options)
      .then((orders) => sendFile(api, orders, { workflow: 'w' }))
      .then((sent) => seen(system, sent))
      .catch((error: RefusedError) => refusal(error.problem));
    expect(outcome).toEqual(right(file));
  });
});

async function systemWithWorkflow(): Promise<System> {
  const system = createSystem();
  await system.call('PUT', '/workflows/w', { body: { activities: [{ name: 'go', pre: ['A'] }] } });
  return system;
}

async function post(system: System, address: string, { body, mediaType }: Post) {
  const { pathname, searchParams } = new URL(address, 'http://localhost');
  return system.call<object>('POST', pathname, {
    body: typeof body === 'string' ? Buffer.from(body) : body,
    type: mediaType,
    query: Object.fromEntries(searchParams),
  });
}

/** What a system has stored, and what it has rejected. */
function seen(system: System, answer: object): object {
  const single = 'orderId' in answer ? { accepted: [answer], rejected: [] } : answer;
  const { accepted, rejected } = single as Outcome;
  const events = accepted.map(({ orderId, line = 1 }) => {
    const [event] = system.ports.journal.all().get(orderId)?.[0]?.events ?? [];
    if (event?.type !== 'OrderPlaced') throw new Error(`${orderId} is not there`);
    return [line, event] as const;
  });
  const attributes = events
    .filter(([, event]) => Object.keys(event.attributes).length > 0)
    .map(([line, event]) => [line, event.attributes]);
  return {
    orders: Object.fromEntries(events.map(([line, { input }]) => [line, input])),
    attributes: Object.fromEntries(attributes),
    rejected: Object.fromEntries(
      rejected.map(({ line, code, path }) => [line, [code, path].filter(Boolean).join(' ')]),
    ),
  };
}

function refusal(problem: object): string {
  const { code, path, line } = problem as ProblemDocument;
  return [code, path, line === undefined ? undefined : `line ${line}`].filter(Boolean).join(' ');
}

function right({ refused, orders = {}, attributes = {}, rejected = {} }: GivenFile): unknown {
  return refused ?? { orders, attributes, rejected };
}
