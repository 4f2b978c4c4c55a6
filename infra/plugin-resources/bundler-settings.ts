/** The parts of a service that say how it is bundled. */
export interface Bundled {
  readonly plugins?: readonly string[] | { readonly modules?: readonly string[] };
  readonly provider?: { readonly runtime?: string };
  custom?: {
    readonly baton?: { readonly bundle?: boolean };
    readonly esbuild?: Readonly<Record<string, unknown>>;
  };
}

/** Names of bundlers for osls: https://www.serverless.com/plugins */
const A_BUNDLER = /esbuild|webpack|rspack|rollup|vite|bundle/;

const NODE = /^nodejs(\d+)\./;

/** osls's own: https://github.com/oss-serverless/osls/blob/main/docs/guides/serverless.yml.md */
const DEFAULT_RUNTIME = 'nodejs24.x';

/** Dependencies in CommonJS call require() for Node's own modules. */
const BANNER =
  "import { createRequire as batonRequire } from 'node:module'; const require = batonRequire(import.meta.url);";

/**
 * The settings for serverless-esbuild of a service that has named no bundler: its own go before these. `undefined` if it wants none, or has
 * functions that are not Node's.
 */
export function bundlerSettings({
  plugins = [],
  provider,
  custom,
}: Bundled): Readonly<Record<string, unknown>> | undefined {
  const modules = 'modules' in plugins ? (plugins.modules ?? []) : (plugins as readonly string[]);
  if (custom?.baton?.bundle === false || modules.some((one) => A_BUNDLER.test(one))) {
    return undefined;
  }
  const version = NODE.exec(provider?.runtime ?? DEFAULT_RUNTIME)?.[1];
  if (version === undefined) return undefined;
  return {
    bundle: true,
    minify: true,
    format: 'esm',
    target: `node${version}`,
    outputFileExtension: '.mjs',
    // esbuild's own, and those of files that say in their names what kind of module they are: a handler may be such a file.
    resolveExtensions: ['.tsx', '.ts', '.mts', '.jsx', '.js', '.mjs', '.css', '.json'],
    // Prefers ECMAScript modules, so that unused code is left out.
    mainFields: ['module', 'main'],
    // Lambda's own copy of the SDK starts more slowly than the used parts of it in the bundle.
    exclude: [],
    banner: { js: BANNER },
    ...custom?.esbuild,
  };
}
