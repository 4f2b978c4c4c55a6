import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from './errors.ts';

/** Where Baton lies: a clone of its repository, or the npm package, which is laid out in the same way. */
export const OWN_FOLDER = fileURLToPath(new URL('../../', import.meta.url));

/** Whether this is the package, which holds JavaScript only. */
export const IS_PACKAGE = import.meta.url.endsWith('.js');

/** The versions of the tools that `dev` and `deploy` use; in a clone they are dependencies for development. */
const {
  version: VERSION,
  peerDependencies: TOOLS = {},
  devDependencies: FOR_DEVELOPMENT = {},
} = JSON.parse(readFileSync(path.join(OWN_FOLDER, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
};

export { VERSION };

/**
 * Of a clone's many dependencies for development, those that a plugin's folder needs: the tools of infra/npm-package/manifest.ts, and the
 * Node on which the clone runs, since its sources are TypeScript.
 */
const TOOL_NAMES = [
  ...['serverless', 'serverless-esbuild', 'serverless-offline', 'esbuild', 'fauxqs', 'dynalite'],
  'node',
];

/** `npm:osls@4.3.1`: the tool is called serverless, and is the fork that needs no login. */
export function toolSpecs(): Readonly<Record<string, string>> {
  if (!IS_PACKAGE)
    return Object.fromEntries(TOOL_NAMES.map((name) => [name, String(FOR_DEVELOPMENT[name])]));
  const specs = Object.entries(TOOLS).map(([name, version]) => [
    name,
    name === 'serverless' ? `npm:osls@${version}` : version,
  ]);
  return Object.fromEntries(specs);
}

/** What to install where Baton is wanted: this version, or the clone, tarball or folder that it comes from here. */
export function ownSpec(): string {
  if (!IS_PACKAGE) return `file:${path.resolve(OWN_FOLDER)}`;
  return specIn(path.resolve(OWN_FOLDER, '../..')) ?? `^${VERSION}`;
}

/** `file:` and the whole path, if the project in this folder has Baton from there. */
export function specIn(project: string): string | undefined {
  const manifest = path.join(project, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { dependencies, devDependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
  };
  const spec = { ...devDependencies, ...dependencies }.batonflow;
  if (!spec?.startsWith('file:')) return undefined;
  return `file:${path.resolve(project, spec.slice('file:'.length))}`;
}

/** @throws {UsageError} with the command that installs what is missing */
export function checkTools(): void {
  const missing = Object.keys(TOOLS).filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const specs = toolSpecs();
  const wanted = missing.map((name) => `${name}@${specs[name]}`).join(' ');
  throw new UsageError(
    `this needs packages that are not installed here. Install them with:\nnpm install --save-dev ${wanted}`,
  );
}

/** Some packages do not let their manifest be resolved, so the folders are looked at. */
function isInstalled(name: string): boolean {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return folders.some((folder) => existsSync(path.join(folder, name, 'package.json')));
}
