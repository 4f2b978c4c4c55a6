import { existsSync, realpathSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import { IS_PACKAGE, OWN_FOLDER, ownSpec, toolSpecs } from '../own-package.ts';

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
  /** Whether it lies in the clone whose command made it: then it has no manifest of its own. */
  readonly isInClone: boolean;
}

/**
 * Makes a plugin or a workflow that can be tested, run and deployed: in `plugins/` or `workflows/` of the clone of Baton, or of a project
 * that has Baton already, or else in a folder of its own, with a manifest of its own.
 *
 * In the clone it has none: Node finds `batonflow` there by the clone's own manifest, and would look no further than to a nearer one.
 * @throws {UsageError} if there is something already
 */
export async function makeFolder(kind: Kind, name: string, base: string): Promise<Made> {
  const clone = cloneAround(base);
  const isInProject = clone !== undefined || (await hasBaton(base));
  const target = isInProject ? path.join(clone ?? base, PLACES[kind], name) : path.join(base, name);
  const folder = path.relative(clone === undefined ? base : realpathSync(base), target);
  if (existsSync(target)) throw new UsageError(`${folder} is there already`);
  await mkdir(target, { recursive: true });
  const templates = path.join(OWN_FOLDER, 'templates', kind);
  const files = await Promise.all(
    (await readdir(templates)).sort().map(async (file) => {
      const text = await readFile(path.join(templates, file), 'utf8');
      // npm takes a .gitignore in a package for its own.
      const as = file === 'gitignore' ? '.gitignore' : fill(file, kind, name);
      const filled = fill(text, kind, name);
      await writeFile(path.join(target, as), asItLies(as, filled, clone !== undefined));
      return as;
    }),
  );
  const made = { folder, toInstall: !isInProject, isInClone: clone !== undefined };
  if (clone !== undefined) return { ...made, files };
  const manifest = isInProject ? manifestInProject(kind, name) : ownManifest(kind, name);
  await writeFile(path.join(target, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return { ...made, files: [...files, 'package.json'] };
}

function asItLies(file: string, text: string, isInClone: boolean): string {
  if (file === 'README.md' && isInClone) return inClone(text);
  // A clone's types are its sources, which are right under its own settings.
  if (file === 'tsconfig.json' && !IS_PACKAGE)
    return text.replace(/( +)"strict": true,\n/, '$&$1"exactOptionalPropertyTypes": true,\n');
  return text;
}

/** Without a manifest of its own, `npm test` would run the clone's tests. The same length: comments stand below each other. */
export function inClone(commands: string): string {
  return commands.replaceAll('npm test       ', 'npx node --test');
}

/** The clone whose command this is, if the folder lies in it. */
function cloneAround(folder: string): string | undefined {
  if (IS_PACKAGE) return undefined;
  const clone = realpathSync(OWN_FOLDER);
  const way = path.relative(clone, realpathSync(folder));
  return way.startsWith('..') || path.isAbsolute(way) ? undefined : clone;
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
  const tools = toolSpecs();
  return {
    ...manifestInProject(kind, name),
    // The tests are TypeScript, which Node runs from here on.
    engines: { node: '>=22.18' },
    devDependencies: {
      '@types/node': '^24.0.0',
      batonflow: ownSpec(),
      ...tools,
      typescript: '>=5.8',
    },
    // Of the packages, only `node` has to run a script: it fetches the program.
    allowScripts: 'node' in tools ? { ...NO_SCRIPTS, node: true } : NO_SCRIPTS,
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
