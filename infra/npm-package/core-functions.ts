import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';
import { parseDocument } from 'yaml';
import { DIST, REPOSITORY } from './places.ts';

const RESOURCES = ['alarms', 'api', 'bucket', 'dashboard', 'outputs', 'parameters'].concat([
  'queues',
  'roles',
  'table',
  'topics',
]);

/** Settings of the core's bundles that have done their work: the package's bundles are bundled again where they are used. */
const DONE = ['define', 'banner', 'sourcemap', 'sourcesContent', 'watch'];

/** Enough to find in one bundle what stood in another one megabytes before. */
const WINDOW = 24;
/** The next ones are a tenth smaller and take ten times as long. */
const QUALITY = 9;

/** The part of serverless.yml that is read. */
interface CoreFile {
  readonly functions: Readonly<Record<string, { readonly handler: string }>>;
  readonly custom: {
    readonly esbuild: {
      readonly target: string;
      readonly mainFields: string[];
      readonly banner: { readonly js: string };
    };
  };
}

/**
 * Puts the core's service into the package as one file, `core.br`: serverless.yml, its resources, and each function bundled with all that
 * it imports, with the settings of the service itself. So whoever runs or deploys the core needs none of its packages.
 *
 * Each function has a bundle of its own, as when it is deployed: of a file that several share, a bundler drops less. Their names are not
 * shortened, so that what they have in common is the same text, and is packed once: 10 MB become 0.4.
 * @returns the files of other packages that went into the bundles
 */
export async function packCore(): Promise<readonly string[]> {
  const document = parseDocument(await ofRepository('serverless.yml'), { logLevel: 'silent' });
  const { functions, custom } = document.toJS() as CoreFile;
  const { target, mainFields, banner } = custom.esbuild;
  const require = createRequire(import.meta.url);
  const packSandbox = require('../core/pack-sandbox.cjs') as () => string;
  const { buildConsole } = require('../core/pack-console.cjs') as {
    buildConsole(): { readonly files: object; readonly inputs: readonly string[] };
  };
  const webConsole = buildConsole();
  const { metafile, outputFiles } = await build({
    ...{ absWorkingDir: REPOSITORY, outdir: REPOSITORY, outbase: '.', write: false },
    ...{ bundle: true, minifyWhitespace: true, metafile: true },
    ...{ format: 'esm', platform: 'node', legalComments: 'none', logLevel: 'error' },
    ...{ target, mainFields, banner },
    entryPoints: Object.values(functions).map(({ handler }) => handler.replace(/\.\w+$/, '.ts')),
    define: {
      BATON_SANDBOX: packSandbox(),
      BATON_CONSOLE: JSON.stringify(JSON.stringify(webConsole.files)),
    },
  });
  for (const setting of DONE) document.deleteIn(['custom', 'esbuild', setting]);
  const files: Record<string, string> = {
    'serverless.yml': document.toString({ lineWidth: 0 }).replaceAll('/index.ts', '/index.js'),
    'infra/core/stage-defaults.cjs': (await ofRepository('infra/core/stage-defaults.cjs')).replace(
      './throw-away.ts',
      './throw-away.js',
    ),
    'infra/core/throw-away.js': await readFile(path.join(DIST, 'infra/core/throw-away.js'), 'utf8'),
  };
  for (const name of RESOURCES) {
    files[`infra/core/${name}.yml`] = await ofRepository(`infra/core/${name}.yml`);
  }
  for (const { path: file, text } of outputFiles) files[path.relative(REPOSITORY, file)] = text;
  await writeFile(path.join(DIST, 'core.br'), packed(JSON.stringify(files)));
  return [...Object.keys(metafile.inputs), ...webConsole.inputs];
}

function packed(text: string): Buffer {
  return brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: WINDOW,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });
}

const ofRepository = (file: string) => readFile(path.join(REPOSITORY, file), 'utf8');
