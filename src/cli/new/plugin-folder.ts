import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import { OWN_FOLDER, toolSpecs, VERSION } from '../own-package.ts';

/** What is made, in words of the template. */
const NAME_IN_TEMPLATE = /plugin-name/g;
const IDENTIFIER_IN_TEMPLATE = /pluginName/g;

const PLUGIN_FILES = [
  ...['handler.ts', 'handler.test.ts', 'serverless.yml', 'tsconfig.json', 'README.md'],
  'gitignore',
];

/** Packages whose install scripts may stay unrun, since they have prebuilt programs: npm 12 asks. */
const NO_SCRIPTS = {
  ...{ '@parcel/watcher': false, 'classic-level': false, 'es5-ext': false, esbuild: false },
};

export interface Made {
  /** From the folder in which it was made. */
  readonly folder: string;
  readonly files: readonly string[];
  /** Whether its packages have to be installed first: those of a project that has Baton already are there. */
  readonly toInstall: boolean;
}

/**
 * Makes a plugin that can be tested, run and deployed: in `plugins/` of a project that has Baton already, or else in a folder of its own,
 * with a manifest of its own.
 * @throws {UsageError} if there is something already
 */
export async function makePlugin(name: string, base: string): Promise<Made> {
  const isInProject = await hasBaton(base);
  const folder = isInProject ? path.join('plugins', name) : name;
  const target = path.join(base, folder);
  if (existsSync(target)) throw new UsageError(`${folder} is there already`);
  await mkdir(target, { recursive: true });
  const templates = path.join(OWN_FOLDER, 'templates/plugin');
  const files = await Promise.all(
    PLUGIN_FILES.map(async (file) => {
      const text = await readFile(path.join(templates, file), 'utf8');
      // npm takes a .gitignore in a package for its own.
      const as = file === 'gitignore' ? '.gitignore' : file;
      await writeFile(path.join(target, as), fill(text, name));
      return as;
    }),
  );
  const manifest = isInProject ? manifestInProject(name) : ownManifest(name);
  await writeFile(path.join(target, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return { folder, files: [...files, 'package.json'], toInstall: !isInProject };
}

function fill(text: string, name: string): string {
  return text.replace(NAME_IN_TEMPLATE, name).replace(IDENTIFIER_IN_TEMPLATE, identifier(name));
}

/** `resize-low` is the function `resizeLow`. */
function identifier(name: string): string {
  return name.replace(/[-_]+(\w?)/g, (_, letter: string) => letter.toUpperCase());
}

function manifestInProject(name: string): object {
  return { name, private: true, type: 'module', scripts: SCRIPTS };
}

const SCRIPTS = {
  start: 'baton dev',
  test: 'node --test',
  types: 'tsc',
  deploy: 'serverless deploy',
};

function ownManifest(name: string): object {
  return {
    ...manifestInProject(name),
    // The tests are TypeScript, which Node runs from here on.
    engines: { node: '>=22.18' },
    devDependencies: {
      '@types/node': '^24.0.0',
      batonflow: `^${VERSION}`,
      ...toolSpecs(),
      typescript: '>=5.8',
    },
    allowScripts: NO_SCRIPTS,
  };
}

/** Whether the folder is a project that has Baton among its packages. */
async function hasBaton(folder: string): Promise<boolean> {
  const manifest = path.join(folder, 'package.json');
  if (!existsSync(manifest)) return false;
  const { dependencies = {}, devDependencies = {} } = JSON.parse(
    await readFile(manifest, 'utf8'),
  ) as { dependencies?: object; devDependencies?: object };
  return 'batonflow' in dependencies || 'batonflow' in devDependencies;
}
