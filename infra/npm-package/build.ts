/**
 * `npm run build`: makes the npm package in `dist/`, which is the package's own root, laid out like this repository. So every path from
 * one file to another, and every path in serverless.yml, is the same in both, and the repository goes on running from its sources.
 *
 * 1. Code and types are compiled (compile.ts).
 * 2. The core's functions are bundled with all they need (core-functions.ts), and the clients of AWS of all other files are, too
 *    (aws-clients.ts): nobody has to install them.
 * 3. The manifest is written; it fails if the code imports a package that the manifest does not name (manifest.ts).
 */
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleAwsClients } from './aws-clients.ts';
import { compile } from './compile.ts';
import { packCore } from './core-functions.ts';
import { manifest } from './manifest.ts';
import { DIST, REPOSITORY } from './places.ts';
import { thirdPartyNotice } from './third-party.ts';

const COPIED = ['README.md', 'CHANGELOG.md', 'LICENSE', 'templates'];

const started = performance.now();
await rm(DIST, { recursive: true, force: true });
await mkdir(DIST);
await compile();
const [clients, core] = await Promise.all([bundleAwsClients(), packCore()]);
await Promise.all(
  COPIED.map((file) => cp(path.join(REPOSITORY, file), path.join(DIST, file), { recursive: true })),
);
await writeFile(path.join(DIST, 'THIRD-PARTY.txt'), await thirdPartyNotice([...clients, ...core]));
await writeFile(
  path.join(DIST, 'package.json'),
  `${JSON.stringify(await manifest(), undefined, 2)}\n`,
);
console.log(`dist/ made in ${((performance.now() - started) / 1000).toFixed(1)} s`);
