import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { DIST, filesOfPackage, REPOSITORY } from './places.ts';

const AWS_IMPORT = /import \{([^}]*)\} from '(@aws-sdk\/[^']+)';/g;

/**
 * Bundles what the package's files import of the AWS SDK into `aws/`, and has them import it from there. The SDK's clients would be half of
 * an installation, and only `dev` and `deploy` need them.
 * @returns the files of other packages that went into the bundles
 */
export async function bundleAwsClients(): Promise<readonly string[]> {
  const names = new Map<string, Set<string>>();
  for (const file of await filesOfPackage('.js')) {
    const text = await readFile(file, 'utf8');
    const rewritten = text.replaceAll(AWS_IMPORT, (_, imported: string, from: string) => {
      const known = names.get(from) ?? new Set();
      names.set(from, known);
      for (const [name] of imported.matchAll(/\w+(?= as )|(?<! as )\b\w+/g)) known.add(name);
      const target = path.posix.relative(path.dirname(file), path.join(DIST, fileOf(from)));
      return `import {${imported}} from '${target}';`;
    });
    if (rewritten !== text) await writeFile(file, rewritten);
  }
  const entries = [...names].map(([from, imported]) => ({
    in: from,
    out: fileOf(from).replace(/\.js$/, ''),
    code: `export { ${[...imported].sort().join(', ')} } from '${from}';`,
  }));
  const { metafile } = await build({
    absWorkingDir: REPOSITORY,
    entryPoints: entries.map(({ in: from, out }) => ({ in: `entry:${from}`, out })),
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    outdir: DIST,
    chunkNames: 'aws/[hash]',
    legalComments: 'none',
    metafile: true,
    logLevel: 'error',
    // Dependencies in CommonJS call require() for Node's own modules.
    banner: {
      js: "import { createRequire as batonRequire } from 'node:module'; const require = batonRequire(import.meta.url);",
    },
    plugins: [
      {
        name: 'entries',
        setup(bundle) {
          bundle.onResolve({ filter: /^entry:/ }, ({ path: name }) => ({
            path: name.slice('entry:'.length),
            namespace: 'entry',
          }));
          bundle.onLoad({ filter: /./, namespace: 'entry' }, ({ path: name }) => ({
            contents: entries.find(({ in: from }) => from === name)?.code ?? '',
            resolveDir: REPOSITORY,
          }));
        },
      },
    ],
  });
  return Object.keys(metafile.inputs);
}

/** `@aws-sdk/client-sqs` is `aws/client-sqs.js`. */
function fileOf(name: string): string {
  return `aws/${name.replace('@aws-sdk/', '')}.js`;
}
