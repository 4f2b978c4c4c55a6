import { brotliDecompressSync } from 'node:zlib';

/**
 * The sandbox as one JavaScript module, packed: esbuild puts it here when it makes a bundle (`define` in serverless.yml,
 * infra/core/pack-sandbox.cjs). So the program is wherever the code is that starts it, and no package of a function, and
 * no folder of the local stack, has to hold a second file.
 */
declare const BATON_SANDBOX: string | undefined;

/** The program to run in a sandbox, as a JavaScript module. */
export function sandboxProgram(): string {
  if (typeof BATON_SANDBOX === 'string') {
    return brotliDecompressSync(Buffer.from(BATON_SANDBOX, 'base64')).toString();
  }
  // Not bundled: beside this file, with the same extension, whether this is the source or compiled from it.
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  return `import ${JSON.stringify(new URL(`./sandbox${extension}`, import.meta.url).href)};`;
}
