#!/usr/bin/env node
import { runBaton } from './program.ts';

// `baton orders | head`: whoever reads has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runBaton(process.argv.slice(2));
