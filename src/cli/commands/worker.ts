import { InvalidArgumentError } from 'commander';
import type { WorkerOptions } from '../../sdk/worker/run-worker.ts';
import type { AddCommand } from '../command.ts';
import { readCount } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { interruptible } from '../interruption.ts';

interface Options {
  readonly export?: string;
  readonly settings?: string;
  readonly concurrency: number;
  readonly grace: number;
}

/** A day: nobody waits longer for a process to stop. */
const LONGEST_GRACE_SECONDS = 86_400;

/** `baton worker HANDLER.ts` */
export const addWorker: AddCommand = (program) => {
  program
    .command('worker')
    .description('perform the tasks of a plugin that runs in a container, until a signal ends it')
    .argument('<file>', "the plugin's file, TypeScript or JavaScript")
    .option('--export <name>', 'the plugin among its exports; default: handler, or the only one')
    .option('--concurrency <tasks>', 'tasks at once', readCount, 1)
    .option(
      '--grace <seconds>',
      'how long tasks may go on after SIGTERM; then their signals fire, and what has not ended is put off',
      readGrace,
      20,
    )
    .option('--settings <file>', "the plugin's settings, in place of BATON_WORKER")
    .addHelpText(
      'after',
      `
The plugin's block in serverless.yml says \`runs: container\`. Its stack writes the settings into the Parameter Store, and the local
stack into .baton/workers/:

  BATON_WORKER=$(aws ssm get-parameter --name /baton/baton/dev/workers/transcode --query Parameter.Value --output text) \\
    npx baton worker handler.ts --concurrency 4`,
    )
    .action(async (file: string, { settings, grace, concurrency, ...options }: Options) => {
      await work({
        ...{ file, concurrency, graceSeconds: grace },
        ...(options.export !== undefined && { exportName: options.export }),
        ...(settings !== undefined && { settingsFile: settings }),
      });
      // A poll may still be open for some seconds, and the plugin's own connections for ever.
      process.exit(EXIT.ok);
    });
};

async function work(options: WorkerOptions): Promise<void> {
  // Slow to load, and no other command needs it.
  const { runWorker } = await import('../../sdk/worker/run-worker.ts');
  try {
    await interruptible((signal) => runWorker(options, signal));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readGrace(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= LONGEST_GRACE_SECONDS) return Number(text);
  throw new InvalidArgumentError(
    `It must be a whole number of seconds, at most ${LONGEST_GRACE_SECONDS}.`,
  );
}
