import { Problem } from '../../contract/problem.ts';
import type { Json } from '../../core/json.ts';
import type { Attributes } from '../../core/order.ts';
import type { Stubs } from '../../trial/stubs.ts';
import { readAttribute } from '../attributes.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { readInputValue } from '../input-value.ts';
import { readInput } from '../read-input.ts';
import { visibleIn } from '../visible-text.ts';
import { drawTrial } from './trial-picture.ts';

interface TryOptions {
  readonly input?: unknown;
  readonly attribute?: Attributes;
  readonly plugins?: string;
}

/** `baton try WORKFLOW.yml` */
export const addTry: AddCommand = (program, setExitCode) => {
  program
    .command('try')
    .description(
      'play an order of a workflow on this machine, without Baton and without its plugins',
    )
    .argument('<file>', 'the definition, YAML or JSON; - for stdin')
    .option('--input <value>', "the order's input: JSON, text, or @file", readInputValue)
    .option('--attribute <key=value>', 'may be given several times', readAttribute)
    .option(
      '--plugins <file>',
      'what stands in for plugins, as YAML; all others hand back their input',
    )
    .addHelpText(
      'after',
      `
It shows who would be invited, with which input, what would come out, and what errors and retries would do. The file of --plugins:

  resize:
    joins: [{ activity: make, stage: parallel, filter: { kind: [photo] } }]
    result: { width: 800 }
  charge:
    retry: { maxAttempts: 3 }
    attempts: [{ error: the bank is closed, retryAfterSeconds: 60 }, { result: paid }]
  ship: { silent: true, timeoutSeconds: 600 }`,
    )
    .action(
      action(setExitCode, async ({ terminal }, options: TryOptions, file: string) => {
        const trial = await tried(file, options);
        terminal.result(trial, () => drawTrial(visibleIn(trial), terminal));
        return trial.order.status === 'completed' ? EXIT.ok : EXIT.refused;
      }),
    );
};

async function tried(file: string, { input = null, attribute = {}, plugins }: TryOptions) {
  // Slow to load, and no other command needs it.
  const { playWorkflow, readTrialDefinition } = await import('../../trial/try-workflow.ts');
  const { readThrown } = await import('../../sdk/try-workflow.ts');
  const { readYaml } = await import('../../contract/yaml-text.ts');
  const text = await textOf(file);
  const stubs =
    plugins === undefined ? {} : await naming(plugins, async () => readYaml(await textOf(plugins)));
  const definition = await naming(file, () => readTrialDefinition(text));
  return naming(plugins ?? file, () =>
    playWorkflow(
      definition,
      { input: input as Json, attributes: attribute, stubs: stubs as Stubs },
      readThrown,
    ),
  );
}

async function textOf(file: string): Promise<string> {
  return Buffer.from(await readInput(file)).toString();
}

/** @throws {UsageError} that names the file and the lines, if something is wrong with it */
async function naming<Result>(file: string, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const lines = error.errors.map(({ line, message }) =>
      line === undefined ? `${file}: ${message}` : `${file}, line ${line}: ${message}`,
    );
    throw new UsageError(lines.join('\n'));
  }
}
