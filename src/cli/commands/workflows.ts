import { basename, extname } from 'node:path';
import { parse, stringify } from 'yaml';
import type { WorkflowReceipt, WorkflowView } from '../answers.ts';
import type { AddCommand } from '../command.ts';
import { action, readCount } from '../command.ts';
import { UsageError } from '../errors.ts';
import { allPages } from '../pages.ts';
import { readInput } from '../read-input.ts';
import { table } from '../table.ts';

/** `baton workflows put|get|list` */
export const addWorkflows: AddCommand = (program, leave) => {
  const workflows = program.command('workflows').description('workflow definitions');
  workflows
    .command('put')
    .description('store a definition; one that differs becomes a new version')
    .argument('<file>', 'YAML or JSON, - for stdin')
    .option(
      '--name <name>',
      "the workflow's name (default: the one it says itself, or else the file's)",
    )
    .action(
      action(leave, async ({ api, terminal }, options: { name?: string }, file: string) => {
        const definition = await readInput(file);
        const name = options.name ?? nameWithin(definition) ?? nameOf(file);
        const { body, status } = await api.put<WorkflowReceipt>(
          `/workflows/${encodeURIComponent(name)}`,
          {
            body: definition,
            mediaType: extname(file) === '.json' ? 'application/json' : 'application/yaml',
          },
        );
        const fate = status === 201 ? 'stored' : 'unchanged';
        for (const warning of body.warnings ?? []) {
          terminal.note(`${terminal.paint('yellow', 'warning:')} ${warning}`);
        }
        terminal.result(body, () => `${body.name} v${body.version} ${fate}`);
        return undefined;
      }),
    );
  workflows
    .command('get')
    .description('show a definition, as YAML')
    .argument('<name>')
    .option('--version <number>', 'that version (default: the latest)', readCount)
    .action(
      action(leave, async ({ api, terminal }, { version }: { version?: number }, name: string) => {
        const path = `/workflows/${encodeURIComponent(name)}`;
        const workflow = await api.get<WorkflowView>(
          version === undefined ? path : `${path}/versions/${version}`,
        );
        terminal.result(workflow, () => drawDefinition(workflow));
        return undefined;
      }),
    );
  workflows
    .command('list')
    .description('show the latest version of each workflow')
    .action(
      action(leave, async ({ api, terminal }) => {
        const answer = await allPages<'workflows', WorkflowView>(api, '/workflows', 'workflows');
        terminal.result(answer, () =>
          draw(answer.workflows, (text) => terminal.paint('bold', text)),
        );
        return undefined;
      }),
    );
};

/** The name that a definition gives itself. What cannot be read is the API's to complain about. */
function nameWithin(definition: Uint8Array): string | undefined {
  try {
    const { name } = parse(Buffer.from(definition).toString()) as { name?: unknown };
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** `photo-order.yml` is the workflow photo-order. */
function nameOf(file: string): string {
  if (file === '-') throw new UsageError('what comes over stdin needs a --name');
  return basename(file, extname(file));
}

/** As it can be put again: the version is not part of a definition. */
function drawDefinition({ version, ...definition }: WorkflowView): string {
  return `# version ${version}\n${stringify(definition).trimEnd()}`;
}

function draw(workflows: readonly WorkflowView[], title: (text: string) => string): string {
  if (workflows.length === 0) return 'there is no workflow; put one with: baton workflows put FILE';
  return table(
    workflows,
    [
      { title: 'workflow', value: ({ name }) => name },
      { title: 'version', value: ({ version }) => version, align: 'right' },
      { title: 'starts on', value: ({ on = [] }) => on.join(', ') },
      {
        title: 'activities',
        value: ({ activities = [] }) => activities.map(({ name }) => name).join(', '),
      },
    ],
    title,
  );
}
