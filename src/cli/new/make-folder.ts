import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import { OWN_FOLDER, ownSpec, toolSpecs } from '../own-package.ts';

export type Kind = 'plugin' | 'workflow';

/** Where a project that has Baton keeps them. */
const PLACES: Readonly<Record<Kind, string>> = { plugin: 'plugins', workflow: 'workflows' };

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
 * Makes a plugin or a workflow that can be tested, run and deployed: in `plugins/` or `workflows/` of a project that has Baton already, or
 * else in a folder of its own, with a manifest of its own.
 * @throws {UsageError} if there is something already
 */
export async function makeFolder(kind: Kind, name: string, base: string): Promise<Made> {
  const isInProject = await hasBaton(base);
  const folder = isInProject ? path.join(PLACES[kind], name) : name;
  const target = path.join(base, folder);
  if (existsSync(target)) throw new UsageError(`${folder} is there already`);
  await mkdir(target, { recursive: true });
  const templates = path.join(OWN_FOLDER, 'templates', kind);
  const files = await Promise.all(
    (await readdir(templates)).sort().map(async (file) => {
      const text = await readFile(path.join(templates, file), 'utf8');
      // npm takes a .gitignore in a package for its own.
      const as = file === 'gitignore' ? '.gitignore' : fill(file, kind, name);
      await writeFile(path.join(target, as), fill(text, kind, name));
      return as;
    }),
  );
  const manifest = isInProject ? manifestInProject(kind, name) : ownManifest(kind, name);
  await writeFile(path.join(target, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return { folder, files: [...files, 'package.json'], toInstall: !isInProject };
}

/** The templates are called plugin-name and workflow-name. */
function fill(text: string, kind: Kind, name: string): string {
  return text.replaceAll(`${kind}-name`, name).replaceAll(`${kind}Name`, identifier(name));
}

/** `resize-low` is the function `resizeLow`. */
function identifier(name: string): string {
  return name.replace(/[-_]+(\w?)/g, (_, letter: string) => letter.toUpperCase());
}

function manifestInProject(kind: Kind, name: string): object {
  const scripts = { start: 'baton dev', test: 'node --test', types: 'tsc' };
  const deploy = kind === 'plugin' ? 'serverless deploy' : `baton workflows put ${name}.yml`;
  return { name, private: true, type: 'module', scripts: { ...scripts, deploy } };
}

function ownManifest(kind: Kind, name: string): object {
  return {
    ...manifestInProject(kind, name),
    // The tests are TypeScript, which Node runs from here on.
    engines: { node: '>=22.18' },
    devDependencies: {
      '@types/node': '^24.0.0',
      batonflow: ownSpec(),
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
