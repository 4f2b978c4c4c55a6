import * as paths from '../../client/paths.ts';
import { defined } from '../../core/defined.ts';
import type { Attributes } from '../../core/order.ts';
import { json } from '../api.ts';
import { readAttribute } from '../attributes.ts';
import type { AddCommand } from '../command.ts';
import { action, readCount } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { readInputValue } from '../input-value.ts';
import type { PlanView } from '../responses.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { foldLines } from '../text-width.ts';
import { LEFT_OUT, wholeJson } from '../value-pictures.ts';

interface PlanOptions {
  readonly attribute?: Attributes;
  readonly input?: unknown;
  readonly version?: number;
}

/** `baton workflows plan NAME` */
export const addPlan: AddCommand = (workflows, setExitCode) => {
  workflows
    .command('plan')
    .description(
      'show who would take part in an order of a stored workflow, with which input, and who would not and why',
    )
    .argument('<name>')
    .option('--attribute <key=value>', 'of the order; may be given several times', readAttribute)
    .option('--input <value>', "the order's input: JSON, text, or @file", readInputValue)
    .option('--version <number>', 'the version (default: the latest)', readCount)
    .addHelpText(
      'after',
      `
It asks the running system, with the plugins that are registered there; nothing is stored. To play a workflow from a file: baton try`,
    )
    .action(
      action(setExitCode, async ({ api, terminal }, options: PlanOptions, name: string) => {
        const { attribute: attributes, input, version } = options;
        const order = defined({ attributes, input, version });
        const path = paths.plan(name);
        const { body } = await api.post<PlanView>(path, { ...json(order), repeatable: true });
        terminal.result(body, () => draw(body, terminal));
        return body.error === undefined ? EXIT.ok : EXIT.refused;
      }),
    );
};

function draw(plan: PlanView, terminal: Terminal): string {
  const { paint, columns } = terminal;
  const { name, version, tasks, leftOut, unregistered = [], error } = plan;
  const lines = [
    `${paint('bold', name)} v${version}`,
    '',
    tasks.length === 0
      ? 'nobody would take part'
      : table(
          tasks,
          [
            { title: 'task', value: ({ job }) => job },
            { title: 'plugin', value: ({ plugin }) => plugin },
            {
              title: 'stage',
              value: ({ activity, stage }) => `${activity}.${stage}`,
              flexible: true,
            },
            { title: 'input', value: ({ input }) => wholeJson(input), flexible: true },
          ],
          terminal,
        ),
    ...leftOut.map(
      ({ activity, stage, plugin, status, reason }) =>
        `${activity}.${stage}: ${plugin} ${LEFT_OUT[status]}: ${reason}`,
    ),
    ...unregistered.map((plugin) => `${paint('yellow', 'not registered')}: ${plugin}`),
    ...(error === undefined
      ? []
      : ['', `${paint('red', 'it would fail')} at ${error.task}: ${error.code}: ${error.message}`]),
  ];
  return foldLines(lines.join('\n'), columns);
}
