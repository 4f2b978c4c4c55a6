import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildOptions, type BuildResult, context, type Plugin } from 'esbuild';
import { LocalError } from '../local-error.ts';
import type { LoadedService } from './load-service.ts';

export interface Bundle {
  /** URL of the file to import, and the export, of each function key. */
  handlers: Record<string, { file: string; exportName: string }>;
  dispose: () => Promise<void>;
}

export interface BundleEvents {
  /** The code has changed, and the files are the new ones. */
  rebuilt: () => void;
  /** The code has changed, and it does not build; the files are the old ones. */
  failed: (reason: string) => void;
}

/** Settings of serverless-esbuild that are its own; all others are esbuild's. */
const SETTINGS_OF_THE_PLUGIN = [
  ...['concurrency', 'exclude', 'installExtraArgs', 'keepOutputDirectory', 'nativeZip'],
  ...['outputBuildFolder', 'outputFileExtension', 'outputWorkFolder', 'packagePath', 'packager'],
  ...['packagerOptions', 'patterns', 'plugins', 'skipBuild', 'skipBuildExcludeFns', 'skipRebuild'],
  ...['stripEntryResolveExtensions', 'watch', 'zipConcurrency'],
];

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];

/**
 * Bundles all functions of a service in one run of esbuild, with the service's own settings for serverless-esbuild,
 * and again whenever a file of theirs changes. That plugin runs esbuild once for each function: three times as long.
 */
export async function bundleService(
  service: LoadedService,
  outFolder: string,
  events: BundleEvents,
): Promise<Bundle> {
  const entries = service.functions.map((declared) => ({
    key: declared.key,
    ...handlerFile(service, declared.key, declared.handler),
  }));
  rmSync(outFolder, { recursive: true, force: true });
  mkdirSync(outFolder, { recursive: true });
  linkModules(service.folder, outFolder);

  const first = Promise.withResolvers<BuildResult>();
  const build = await context({
    ...esbuildOptions(service),
    entryPoints: Object.fromEntries(entries.map(({ key, path }) => [key, path])),
    outdir: outFolder,
    plugins: [onEachBuild(first, events)],
  });
  await build.watch();
  const { errors } = await first.promise;
  if (errors.length) {
    await build.dispose();
    throw new LocalError(`Service ${service.name}: ${buildError(errors)}`);
  }
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
    dispose: () => build.dispose(),
  };
}

function handlerFile(service: LoadedService, key: string, handler: string) {
  const dot = handler.lastIndexOf('.');
  const base = join(service.folder, handler.slice(0, dot));
  const path = EXTENSIONS.map((extension) => base + extension).find((file) => existsSync(file));
  if (!path)
    throw new LocalError(
      `Service ${service.name}: the handler of the function ${key} is ${handler}, but there is no file ${handler.slice(0, dot)}.ts.`,
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
    alias: { 'baton/sdk': join(REPOSITORY, 'src/sdk/index.ts'), ...(alias as object) },
    bundle: true,
    external: [...(external as string[]), ...(exclude as string[])],
    format: isModule(esbuild) ? 'esm' : 'cjs',
    logLevel: 'silent',
    minify: false,
    nodePaths: [join(REPOSITORY, 'node_modules')],
    outExtension: { '.js': extension(esbuild) },
    platform: 'node',
    sourcemap: 'linked',
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
  const own = join(folder, 'node_modules');
  const modules = existsSync(own) ? own : join(REPOSITORY, 'node_modules');
  symlinkSync(modules, join(outFolder, 'node_modules'), 'junction');
}

function onEachBuild(first: PromiseWithResolvers<BuildResult>, events: BundleEvents): Plugin {
  let builds = 0;
  return {
    name: 'baton-local',
    setup: (build) => {
      build.onEnd((result) => {
        builds += 1;
        if (builds === 1) first.resolve(result);
        else if (result.errors.length) events.failed(buildError(result.errors));
        else events.rebuilt();
      });
    },
  };
}

function buildError(errors: BuildResult['errors']): string {
  const [{ text, location } = { text: 'it does not build', location: null }] = errors;
  const place = location && `${location.file}:${location.line}: `;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${place ?? ''}${text}${more}`;
}
