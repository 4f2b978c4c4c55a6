import { rmSync } from 'node:fs';

/** After the last test file. */
export default function removeFolder() {
  rmSync(process.env.BATON_TEST_PACKAGES, { recursive: true, force: true });
}
