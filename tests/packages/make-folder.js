import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before the first test file: a folder for the packages that test files share. */
export default function makeFolder() {
  process.env.BATON_TEST_PACKAGES = mkdtempSync(join(tmpdir(), 'baton-packages-'));
}
