import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { filesOfPackage, REPOSITORY } from './places.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
}

/**
 * What `batonflow dev` and `batonflow deploy` are made of. Whoever only uses the SDK, the client or the command does without: together
 * they are ten times as large as the rest. True: this version exactly, since its inside is used.
 */
const TOOLS = {
  serverless: true,
  'serverless-esbuild': false,
  'serverless-offline': true,
  esbuild: false,
  fauxqs: true,
  dynalite: true,
} as const;

/** `import … from 'name'`, `import('name')`, `require('name')`, `import.meta.resolve('name')`. */
const IMPORTED =
  /(?:\bfrom |\bimport |\bimport\(|\brequire\(|\bresolve\()['"`]((?:@[\w-]+\/)?[a-z][\w.-]*)(?:\/[^'"`]*)?['"`]/g;

/** The manifest of the package. @throws {Error} if the code imports a package that it does not name, or it names one too many */
export async function manifest(): Promise<object> {
  const root = JSON.parse(
    await readFile(path.join(REPOSITORY, 'package.json'), 'utf8'),
  ) as Manifest;
  const { name, version, description, license } = root;
  const imported = await importedPackages(name);
  const own = [...imported].filter((one) => !(one in TOOLS)).sort();
  const dependencies = own.map((one) => [one, `^${versionOf(root, one)}`]);
  const peers = Object.entries(TOOLS).map(([tool, exactly]) => {
    const given = versionOf(root, tool).replace(/^npm:.*@/, '');
    return [tool, exactly ? given : `^${given}`];
  });
  return {
    ...{ name, version, description, license },
    keywords: ['workflow', 'orchestration', 'serverless', 'aws', 'lambda', 'sqs', 'sns', 'saga'],
    type: 'module',
    // Of what authors bundle, the SDK has none.
    sideEffects: ['./aws/**', './infra/**', './src/cli/**'],
    // node:sqlite, which the local stack keeps its queues in, needs no flag from here on.
    engines: { node: '>=22.13' },
    bin: mapValues(root.bin, (file) => compiled(file)),
    exports: {
      ...mapValues(root.exports, (file) => ({
        types: compiled(file).replace(/\.js$/, '.d.ts'),
        default: compiled(file),
      })),
      './package.json': './package.json',
    },
    dependencies: Object.fromEntries(dependencies),
    peerDependencies: Object.fromEntries(peers),
    peerDependenciesMeta: mapValues(TOOLS, () => ({ optional: true })),
  };
}

async function importedPackages(self: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const file of [...(await filesOfPackage('.js')), ...(await filesOfPackage('.d.ts'))]) {
    // It imports Node's modules only; minified, it holds text that looks like imports.
    if (/\/dist\/aws\//.test(file)) continue;
    const text = (await readFile(file, 'utf8')).replaceAll(/^\s*(\*|\/\*\*|\/\/).*$/gm, '');
    for (const [, name = ''] of text.matchAll(IMPORTED)) found.add(name);
  }
  return new Set([...found].filter((name) => !isBuiltin(name) && name !== self));
}

function versionOf({ dependencies, devDependencies }: Manifest, name: string): string {
  const version = dependencies[name] ?? devDependencies[name];
  if (version === undefined)
    throw new Error(`the package imports ${name}, which package.json lacks`);
  return version;
}

function compiled(file: string): string {
  return file.replace(/\.ts$/, '.js');
}

function mapValues<Value, Mapped>(
  object: Readonly<Record<string, Value>>,
  map: (value: Value) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
