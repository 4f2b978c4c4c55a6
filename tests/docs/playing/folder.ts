import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const REPOSITORY = path.resolve(import.meta.dirname, '../../..');

/** What pages take from the repository, and do not change. */
const SHARED = ['examples', 'plugins', 'infra', 'src', 'node_modules', 'package.json'];

/** Files that the pages speak of as the reader's own. */
const READERS_FILES = {
  'orders.csv': 'input\n1\n2\n',
  'order-input.json': '5',
} as const;

/** A folder that looks like a clone, with data of its own, and the reader's files. */
export function makeFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'baton-docs-'));
  for (const name of SHARED) symlinkSync(path.join(REPOSITORY, name), path.join(folder, name));
  for (const [name, text] of Object.entries(READERS_FILES)) {
    writeFileSync(path.join(folder, name), text);
  }
  cpSync(path.join(REPOSITORY, 'examples/orders.json'), path.join(folder, 'orders.json'));
  const imaging = path.join(REPOSITORY, 'plugins/imaging/workflows/imaging.yml');
  cpSync(imaging, path.join(folder, 'imaging.yml'));
  const bin = path.join(folder, '.bin');
  mkdirSync(bin);
  const npx = `#!/bin/sh
case "$1" in
  baton) shift; exec "${process.execPath}" "${REPOSITORY}/src/cli/baton.ts" "$@" ;;
  node) shift; exec "${process.execPath}" "$@" ;;
  *) echo "npx $1 is not played" >&2; exit 99 ;;
esac
`;
  writeFileSync(path.join(bin, 'npx'), npx);
  chmodSync(path.join(bin, 'npx'), 0o755);
  return { folder, bin, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
