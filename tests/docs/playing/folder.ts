import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeTemporaryFolder } from '../../../infra/temporary-folder.ts';

const REPOSITORY = path.resolve(import.meta.dirname, '../../..');

/** What pages take from the repository, and do not change. */
const SHARED = ['docs', 'examples', 'plugins', 'infra', 'src', 'node_modules', 'package.json'];

/** Files that the pages speak of as the reader's own. */
const READERS_FILES = {
  'orders.csv': 'input\n1\n2\n',
  'order-input.json': '5',
  'photo.json': '{"path": "in/2.jpg"}',
} as const;

const COPIES = {
  'examples/orders.json': 'orders.json',
  'examples/picture.jpg': 'photo.png',
  'plugins/imaging/workflows/imaging.yml': 'imaging.yml',
} as const;

export interface Folder {
  /** Looks like a clone, and has the reader's files in it. */
  readonly clone: string;
  /** Programs that go before all others. */
  readonly bin: string;
  readonly remove: () => void;
}

/** A folder of somebody who reads the pages: a clone called `baton`, and room beside it. */
export function makeFolder(): Folder {
  const base = makeTemporaryFolder('docs');
  const clone = path.join(base, 'baton');
  mkdirSync(clone);
  for (const name of SHARED) symlinkSync(path.join(REPOSITORY, name), path.join(clone, name));
  for (const [name, text] of Object.entries(READERS_FILES)) {
    writeFileSync(path.join(clone, name), text);
  }
  for (const [from, to] of Object.entries(COPIES)) {
    cpSync(path.join(REPOSITORY, from), path.join(clone, to));
  }
  // What `npm install ../baton` would do beside it.
  mkdirSync(path.join(base, 'node_modules'));
  symlinkSync(REPOSITORY, path.join(base, 'node_modules/batonflow'));
  const bin = path.join(base, '.bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'npx'), NPX);
  chmodSync(path.join(bin, 'npx'), 0o755);
  return { clone, bin, remove: () => rmSync(base, { recursive: true, force: true }) };
}

/** A short cut to the command and the Node of this repository, since the start of `npx` takes longer than the commands. */
const NPX = `#!/bin/sh
case "$1" in
  baton) shift; exec "${process.execPath}" "${REPOSITORY}/src/cli/baton.js" "$@" ;;
  node) shift; exec "${process.execPath}" "$@" ;;
  *) echo "npx $1 is not played" >&2; exit 99 ;;
esac
`;
