// The program of the process that evaluates expressions (src/expressions/sandbox.ts), as esbuild's `define` wants it: the
// text of a JavaScript string. serverless.yml reads this file, and osls reads CommonJS.
//
// Packed, since text with `${` in it would be taken for a variable of serverless.yml; and it is a third as large.
const path = require('node:path');
const { brotliCompressSync } = require('node:zlib');
const { buildSync } = require('esbuild');

module.exports = () => {
  const { outputFiles } = buildSync({
    absWorkingDir: path.join(__dirname, '../..'),
    entryPoints: ['src/expressions/sandbox.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    write: false,
  });
  return JSON.stringify(brotliCompressSync(outputFiles[0].contents).toString('base64'));
};
