/** A file of the web console. */
export interface ConsoleFile {
  readonly type: string;
  readonly etag: string;
  /** Its content: packed with gzip, in base64. */
  readonly gzip: string;
}

export type ConsoleFiles = Readonly<Record<string, ConsoleFile>>;

/** All files as one JSON text: esbuild puts it here when it makes a bundle (`define` in serverless.yml, infra/core/pack-console.cjs). */
declare const BATON_CONSOLE: string | undefined;

/** The console's files, by name. @throws {Error} where the code runs from its sources, not from a bundle */
export function consoleFiles(): ConsoleFiles {
  if (typeof BATON_CONSOLE !== 'string') {
    throw new Error('the console is built into the bundle of its function, and this is no bundle');
  }
  return JSON.parse(BATON_CONSOLE) as ConsoleFiles;
}
