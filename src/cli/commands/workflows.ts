import { basename, extname } from 'node:path';
import { parse, stringify } from 'yaml';
import * as paths from '../../client/paths.ts';
import { activitiesIn } from '../../contract/placed-activities.ts';
import type { AddCommand } from '../command.ts';
import { action, readCount } from '../command.ts';
import { UsageError } from '../errors.ts';
import { allPages } from '../pages.ts';
import { readInput } from '../read-input.ts';
import type { WorkflowReceipt, WorkflowView } from '../responses.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { addPlan } from './workflow-plan.ts';
import { addVersions } from './workflow-versions.ts';

/** `baton workflows put|get|list|versions|plan` */
export const addWorkflows: AddCommand = (program, setExitCode) => {
  const workflows = program.command('workflows').description('store and show workflow definitions');
  workflows
    .command('put')
    .description('store a definition; if it differs from the latest version, it becomes a new one')
    .argument('<file>', 'YAML or JSON, - for stdin')
    .option(
      '--name <name>',
      "the workflow's name (default: the definition's own, or else the file's)",
    )
    .action(
      action(setExitCode, async ({ api, terminal }, options: { name?: string }, file: string) => {
        const definition = await readInput(file);
        const name = options.name ?? nameWithin(definition) ?? nameOf(file);
        const { body, status } = await api.put<WorkflowReceipt>(paths.workflow(name), {
          body: definition,
          mediaType: extname(file) === '.json' ? 'application/json' : 'application/yaml',
        });
        const outcome = status === 201 ? 'stored' : 'unchanged';
        for (const warning of body.warnings ?? []) {
          terminal.note(`${terminal.paint('yellow', 'warning:')} ${warning}`);
        }
        terminal.result(body, () => `${body.name} v${body.version} ${outcome}`);
        return undefined;
      }),
    );
  workflows
    .command('get')
    .description('show a definition, as YAML')
    .argument('<name>')
    .option('--version <number>', 'the version (default: the latest)', readCount)
    .action(
      action(
        setExitCode,
        async ({ api, terminal }, { version }: { version?: number }, name: string) => {
          const workflow = await api.get<WorkflowView>(paths.workflow(name, version));
          terminal.result(workflow, () => drawDefinition(workflow));
          return undefined;
        },
      ),
    );
  workflows
    .command('list')
    .description('show the latest version of each workflow')
    .action(
      action(setExitCode, async ({ api, terminal }) => {
        const list = await allPages<'workflows', WorkflowView>(api, '/workflows', 'workflows');
        terminal.result(list, () => draw(list.workflows, terminal));
        return undefined;
      }),
    );
  addVersions(workflows, setExitCode);
  addPlan(workflows, setExitCode);
};

/** The name in a definition. If the definition cannot be read, the API will say so. */
function nameWithin(definition: Uint8Array): string | undefined {
  try {
    const text = Buffer.from(definition).toString();
    const { name } = parse(text, { logLevel: 'error' }) as { name?: unknown };
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** `photo-order.yml` is the workflow photo-order. */
function nameOf(file: string): string {
  if (file === '-') throw new UsageError('a definition from stdin needs --name');
  return basename(file, extname(file));
}

/** The definition in a form that can be put again: without the version. */
function drawDefinition({ version, ...definition }: WorkflowView): string {
  return `# version ${version}\n${stringify(definition).trimEnd()}`;
}

function draw(workflows: readonly WorkflowView[], terminal: Terminal): string {
  if (workflows.length === 0) return 'no workflows; put one with: baton workflows put FILE';
  return table(
    workflows,
    [
      { title: 'workflow', value: ({ name }) => name },
      { title: 'version', value: ({ version }) => version, align: 'right' },
      { title: 'starts on', value: ({ on = [] }) => on.join(', '), flexible: true },
      {
        title: 'activities',
        value: ({ activities = [] }) =>
          activitiesIn(activities)
            .map(({ activity }) => activity.name)
            .join(', '),
        flexible: true,
      },
    ],
    terminal,
  );
}
