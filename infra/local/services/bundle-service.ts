import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildFailure, type BuildOptions, build, stop } from 'esbuild';
import { LocalError } from '../local-error.ts';
import type { LoadedService } from './load-service.ts';

export interface Bundle {
  /** URL of the file to import, and the export, of each function key. */
  handlers: Record<string, { file: string; exportName: string }>;
  /** The files it was made of, without those of packages. */
  sources: string[];
}

/** Baton's own sources, which are in every bundle of a plugin: they say nothing of it. */
const BATON_SOURCES = fileURLToPath(new URL('../../../src/', import.meta.url));

/** The texts of a bundle's sources that are the service's own. */
export async function ownTexts(sources: readonly string[]): Promise<readonly string[]> {
  const own = sources.filter((source) => !source.startsWith(BATON_SOURCES));
  return Promise.all(own.map((source) => readFile(source, 'utf8')));
}

/** Settings of serverless-esbuild that are its own; all others are esbuild's. */
const SETTINGS_OF_THE_PLUGIN = [
  ...['concurrency', 'exclude', 'installExtraArgs', 'keepOutputDirectory', 'nativeZip'],
  ...['outputBuildFolder', 'outputFileExtension', 'outputWorkFolder', 'packagePath', 'packager'],
  ...['packagerOptions', 'patterns', 'plugins', 'skipBuild', 'skipBuildExcludeFns', 'skipRebuild'],
  ...['stripEntryResolveExtensions', 'watch', 'zipConcurrency'],
];

/** Services that are loaded one after another share one. */
const ESBUILD_IDLE_MS = 1000;

/** Where Baton lies: its repository, or its npm package. */
const BATON = fileURLToPath(new URL('../../../', import.meta.url));
/** The modules that it has; those of a package lie beside it. */
const BATON_MODULES =
  basename(dirname(BATON)) === 'node_modules' ? dirname(BATON) : join(BATON, 'node_modules');
/** Endings of the files in which handlers are looked for. */
const ENDINGS = ['.ts', '.mts', '.js', '.mjs'];

/**
 * Bundles all functions of a service in one run of esbuild, with the service's own settings for serverless-esbuild.
 * That plugin runs esbuild once for each function, which takes three times as long.
 *
 * No watch mode and no esbuild plugin: with either, the esbuild process may wait for an answer of this one for ever
 * when this one is killed.
 */
export async function bundleService(service: LoadedService, outFolder: string): Promise<Bundle> {
  const entries = service.functions.map((declared) => ({
    key: declared.key,
    ...handlerFile(service, declared.key, declared.handler),
  }));
  if (!existsSync(outFolder)) {
    mkdirSync(outFolder, { recursive: true });
    linkModules(service.folder, outFolder);
  }
  const { metafile } = await buildOnce({
    ...esbuildOptions(service),
    entryPoints: Object.fromEntries(entries.map(({ key, path }) => [key, path])),
    metafile: true,
    outdir: outFolder,
  }).catch((error: BuildFailure) => {
    throw new LocalError(`Service ${service.name}: ${buildError(error)}`);
  });
  return {
    handlers: Object.fromEntries(
      entries.map(({ key, exportName }) => [
        key,
        {
          file: pathToFileURL(join(outFolder, `${key}${extension(service.esbuild)}`)).href,
          exportName,
        },
      ]),
    ),
    sources: Object.keys(metafile?.inputs ?? {})
      .filter((path) => !path.includes('node_modules/'))
      .map((path) => resolve(service.folder, path)),
  };
}

let building = 0;
let stopping: NodeJS.Timeout | undefined;

/** With a process of esbuild that does not outlive the builds by long: it keeps 400 MB, and once killed it stays dead. */
async function buildOnce(options: BuildOptions & { metafile: true }) {
  clearTimeout(stopping);
  building += 1;
  try {
    return await build(options);
  } finally {
    building -= 1;
    if (building === 0) stopping = setTimeout(() => void stop(), ESBUILD_IDLE_MS).unref();
  }
}

export function removeBundle(outFolder: string): void {
  rmSync(outFolder, { recursive: true, force: true });
}

function handlerFile(service: LoadedService, key: string, handler: string) {
  const dot = handler.lastIndexOf('.');
  const base = join(service.folder, handler.slice(0, dot));
  const path = ENDINGS.map((ending) => base + ending).find((file) => existsSync(file));
  if (!path)
    throw new LocalError(
      `Service ${service.name}: the handler of the function ${key} is ${handler}, but there is no file ${handler.slice(0, dot)} that ends in ${ENDINGS.slice(0, -1).join(', ')} or ${ENDINGS.at(-1)}.`,
    );
  return { path, exportName: handler.slice(dot + 1) };
}

function esbuildOptions({ folder, esbuild }: LoadedService): BuildOptions {
  const { external = [], exclude = [], alias = {}, ...settings } = esbuild as Record<string, never>;
  for (const setting of SETTINGS_OF_THE_PLUGIN)
    delete (settings as Record<string, unknown>)[setting];
  return {
    ...(settings as BuildOptions),
    absWorkingDir: folder,
    alias: {
      'batonflow/sdk': join(BATON, `src/sdk/index${extname(import.meta.url)}`),
      ...(alias as object),
    },
    bundle: true,
    external: [...(external as string[]), ...(exclude as string[])],
    format: isModule(esbuild) ? 'esm' : 'cjs',
    logLevel: 'silent',
    minify: false,
    nodePaths: [BATON_MODULES],
    outExtension: { '.js': extension(esbuild) },
    platform: 'node',
    sourcemap: 'linked',
    // what the functions have in common is written once: a fifth of the time
    splitting: isModule(esbuild),
  };
}

/** serverless-esbuild makes CommonJS unless told otherwise. */
function isModule({ format }: LoadedService['esbuild']): boolean {
  return format === 'esm';
}

function extension(settings: LoadedService['esbuild']): string {
  return isModule(settings) ? '.mjs' : '.cjs';
}

/** What is left out of a bundle is found from where the bundle lies: in the service's modules, else in Baton's. */
function linkModules(folder: string, outFolder: string): void {
  symlinkSync(modulesNear(folder) ?? BATON_MODULES, join(outFolder, 'node_modules'), 'junction');
}

/** The nearest folder of modules, as Node looks for it: here, or above. */
function modulesNear(folder: string): string | undefined {
  const modules = join(folder, 'node_modules');
  if (existsSync(modules)) return modules;
  const above = dirname(folder);
  return above === folder ? undefined : modulesNear(above);
}

function buildError({ errors = [], message }: BuildFailure): string {
  const [first] = errors;
  if (!first) return message;
  const place = first.location && `${first.location.file}:${first.location.line}: `;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${place ?? ''}${first.text}${more}`;
}
