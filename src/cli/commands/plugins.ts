import { placesOf, writeParticipation } from '../../contract/taking-part.ts';
import type { Workflow } from '../../core/workflow.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { formatSeconds } from '../durations.ts';
import { allPages } from '../pages.ts';
import type { PluginView } from '../responses.ts';
import { storedWorkflows } from '../stored-workflows.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { addPluginsDiff } from './plugins-diff.ts';
import { addQuarantine } from './quarantine.ts';

/** `baton plugins`, `plugins diff`, `plugins quarantine`, `plugins drain` and `plugins reopen` */
export const addPlugins: AddCommand = (program, setExitCode) => {
  const plugins = program.command('plugins').description('show the registered plugins');
  addPluginsDiff(plugins, setExitCode);
  addQuarantine(plugins, setExitCode);
  plugins.action(
    action(setExitCode, async ({ api, terminal }) => {
      const list = await allPages<'plugins', PluginView>(api, '/plugins', 'plugins');
      const workflows =
        terminal.json || list.plugins.length === 0 ? [] : await storedWorkflows(api);
      terminal.result(list, () => draw(list.plugins, workflows, terminal));
      return undefined;
    }),
  );
};

function draw(
  plugins: readonly PluginView[],
  workflows: readonly Workflow[],
  terminal: Terminal,
): string {
  if (plugins.length === 0) return 'no plugin is registered';
  return table(
    plugins,
    [
      { title: 'plugin', value: ({ name }) => name },
      {
        title: 'joins',
        value: ({ joins }) => joins.map((join) => formatJoin(join, workflows)).join(', '),
        flexible: true,
      },
      {
        title: 'instances',
        value: ({ concurrency }) => formatConcurrency(concurrency),
        align: 'right',
      },
      { title: 'timeout', value: (one) => formatSeconds(one.timeoutSeconds), align: 'right' },
      { title: 'attempts', value: ({ retry }) => retry.maxAttempts, align: 'right' },
      {
        title: 'quarantine',
        value: ({ quarantined }) => quarantined && `${quarantined.phase}: ${quarantined.reason}`,
        flexible: true,
        optional: true,
      },
      { title: 'ordered', value: lineText, flexible: true, optional: true },
      {
        title: 'per client',
        value: ({ tasksPerClient }) => tasksPerClient,
        align: 'right',
        optional: true,
      },
      { title: 'history', value: ({ history }) => (history ? 'yes' : 'no') },
    ],
    terminal,
  );
}

function lineText({ ordered, stateful }: PluginView): string | undefined {
  return stateful ? `${ordered} (stateful)` : ordered;
}

function formatJoin(join: PluginView['joins'][number], workflows: readonly Workflow[]): string {
  const notes = [
    ...(join.mandatory ? [] : ['optional']),
    ...(join.filter === undefined ? [] : ['filtered']),
    ...(placesOf(join, workflows).length > 0 ? [] : ['joins nothing yet']),
  ];
  const where = writeParticipation(join);
  return notes.length === 0 ? where : `${where} (${notes.join(', ')})`;
}

function formatConcurrency({ base, ceiling }: PluginView['concurrency']): string {
  return base === ceiling ? String(base) : `${base}–${ceiling}`;
}
