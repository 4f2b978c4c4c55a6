import { expect, it } from '@jest/globals';
import { bundlerSettings } from '../../infra/plugin-resources/bundler-settings.ts';

const provider = { runtime: 'nodejs22.x' };

it("a service that names no bundler is bundled as an ECMAScript module for its functions' Node", () => {
  expect(bundlerSettings({ plugins: ['batonflow/plugin-resources'], provider })).toMatchObject({
    format: 'esm',
    outputFileExtension: '.mjs',
    target: 'node22',
    minify: true,
  });
});

// Was: a handler.mjs ran locally, and could not be packaged: serverless-esbuild looks for .ts, .js, .jsx and .tsx only. Now: it is found.
it('a handler may be a file that says in its name what kind of module it is', () => {
  const { resolveExtensions } = bundlerSettings({ provider }) ?? {};
  expect(resolveExtensions).toEqual(expect.arrayContaining(['.ts', '.mts', '.js', '.mjs']));
});

it("a service's own settings go before the defaults, and do not remove the others", () => {
  const custom = { esbuild: { minify: false, external: ['sharp'] } };
  expect(bundlerSettings({ provider, custom })).toMatchObject({
    minify: false,
    external: ['sharp'],
    format: 'esm',
  });
});

it.each([
  [{ plugins: ['serverless-esbuild', 'batonflow/plugin-resources'], provider }],
  [{ plugins: { modules: ['serverless-webpack'] }, provider }],
  [{ provider, custom: { baton: { bundle: false } } }],
  [{ provider: { runtime: 'python3.13' } }],
])('%j is left alone', (service) => {
  expect(bundlerSettings(service)).toBeUndefined();
});

it('a service without a runtime has the one that the deployment tool gives it', () => {
  expect(bundlerSettings({})).toMatchObject({ target: 'node24' });
});
