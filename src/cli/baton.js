#!/usr/bin/env node
// JavaScript, and the cache comes first: so Node's compiler of TypeScript is loaded only for what has changed since the last run.
import * as nodeModule from 'node:module';

// From the second run on, `baton status` takes 110 ms of processor time; with that compiler, and all commands loaded, it took 620.
nodeModule.enableCompileCache?.();

// All else is imported later: an older Node would fail at the first import that it does not have, without a word of what to do.
const { complaintAbout, complaintAboutPackages } = await import('./node-version.js');
const complaint = complaintAbout(process.versions.node) ?? complaintAboutPackages();
if (complaint !== undefined) {
  console.error(complaint);
  process.exit(1);
}

// In `baton orders | head`, the reader stops early: that is no error.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit();
  console.error(`baton: the output cannot be written: ${error.message}`);
  process.exit(1);
});

const { runBaton } = await import('./program.ts');
process.exitCode = await runBaton(process.argv.slice(2));
