// `node infra/run.js FILE …`: runs a file for a script of package.json. Before `npm ci`, and on a Node that cannot read TypeScript, it
// says what to do.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { complaintAbout, complaintAboutPackages } from '../src/cli/node-version.js';

const script = process.env.npm_lifecycle_event;
const what = script === undefined ? 'this' : `npm run ${script}`;
const isCompiled = false;
const complaint =
  complaintAbout(process.versions.node, { what, isCompiled }) ?? complaintAboutPackages();
if (complaint === undefined) {
  // The file finds its arguments where it would without this one.
  process.argv.splice(1, 1);
  const file = resolve(process.argv[1]);
  process.argv[1] = file;
  await import(pathToFileURL(file).href);
} else {
  console.error(complaint);
  process.exitCode = 1;
}
