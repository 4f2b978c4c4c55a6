#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// `baton orders | head`: whoever reads has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// Starts in 50 instead of 130 ms of processor time, from the second time on.
enableCompileCache();
const { runBaton } = await import('./program.ts');
process.exitCode = await runBaton(process.argv.slice(2));
