// The web console (src/console), as esbuild's `define` wants it: the text of a JavaScript string that holds every file by name, packed,
// in base64. So the function that serves it is one file, and needs neither a bucket nor a folder. serverless.yml reads this file, and
// osls reads CommonJS.
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { gzipSync } = require('node:zlib');
const { buildSync } = require('esbuild');

const REPOSITORY = path.join(__dirname, '../..');
const SOURCES = 'src/console';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** @returns {{ files: Record<string, { type: string, etag: string, gzip: string }>, inputs: string[] }} */
function buildConsole() {
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: REPOSITORY,
    entryPoints: { app: `${SOURCES}/main.tsx` },
    outdir: SOURCES,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  const texts = Object.fromEntries(
    outputFiles.map(({ path: file, contents }) => [path.basename(file), Buffer.from(contents)]),
  );
  const [script, { cssBundle }] = Object.entries(metafile.outputs).find(
    ([, { entryPoint }]) => entryPoint !== undefined,
  );
  const page = readFileSync(path.join(REPOSITORY, SOURCES, 'index.html'), 'utf8')
    .replace('%SCRIPT%', path.basename(script))
    .replace('%STYLES%', path.basename(cssBundle));
  texts['index.html'] = Buffer.from(page);
  return {
    files: Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, packed(name, text)])),
    inputs: Object.keys(metafile.inputs),
  };
}

function packed(name, text) {
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 20);
  return {
    type: TYPES[path.extname(name)],
    etag: `"${hash}"`,
    gzip: gzipSync(text, { level: 9 }).toString('base64'),
  };
}

module.exports = () => JSON.stringify(JSON.stringify(buildConsole().files));
module.exports.buildConsole = buildConsole;
