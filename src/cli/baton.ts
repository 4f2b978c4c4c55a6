#!/usr/bin/env node
import { complaintAbout } from './node-version.ts';

// All else is imported later: an older Node would fail at the first import that it does not have, without a word of what to do.
const complaint = complaintAbout(process.versions.node);
if (complaint !== undefined) {
  console.error(complaint);
  process.exit(1);
}

// In `baton orders | head`, the reader stops early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// From the second run on, starting takes 50 ms of processor time instead of 130.
const { enableCompileCache } = await import('node:module');
enableCompileCache();
const { runBaton } = await import('./program.ts');
process.exitCode = await runBaton(process.argv.slice(2));
