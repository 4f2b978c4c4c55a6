import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { build } from 'esbuild';

const CLIENT = fileURLToPath(new URL('../../src/client/index.ts', import.meta.url));

/** What a page gets: a bundler for browsers refuses modules of Node's that are not left out. */
async function bundle() {
  const { outputFiles, metafile } = await build({
    entryPoints: [CLIENT],
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'client',
    platform: 'browser',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  return { code: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) };
}

it('the client is small, and made of no package and of no module of Node', async () => {
  const { code, inputs } = await bundle();
  expect(
    inputs.filter((file) => file.includes('node_modules') || file.startsWith('node:')),
  ).toEqual([]);
  expect(code).not.toMatch(/\bnode:|\brequire\(|\bprocess\./);
  expect(code.length).toBeLessThan(16_000);
});

it('the client works where there is nothing but what browsers have', async () => {
  const { code } = await bundle();
  const asked: string[] = [];
  const page = {
    ...{
      AbortSignal,
      Headers,
      URL,
      URLSearchParams,
      crypto,
      setTimeout,
      clearTimeout,
      performance,
      DOMException,
    },
    fetch: async (url: string) => {
      asked.push(url);
      return new Response('{"orderId":"o-1","status":"completed"}');
    },
  };
  const order = (await runInNewContext(
    `${code}; new client.Baton({ url: 'https://baton.example/' }).wait('o-1')`,
    page,
  )) as { status: string };
  expect(order.status).toBe('completed');
  expect(asked).toEqual(['https://baton.example/orders/o-1']);
});
