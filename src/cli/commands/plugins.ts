import { placesOf, writeParticipation } from '../../contract/taking-part.ts';
import type { Workflow } from '../../core/workflow.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { formatSeconds } from '../durations.ts';
import { allPages } from '../pages.ts';
import type { PluginView } from '../responses.ts';
import { storedWorkflows } from '../stored-workflows.ts';
import { table } from '../table.ts';
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
      terminal.result(list, () =>
        draw(list.plugins, workflows, (text) => terminal.paint('bold', text)),
      );
      return undefined;
    }),
  );
};

function draw(
  plugins: readonly PluginView[],
  workflows: readonly Workflow[],
  title: (text: string) => string,
): string {
  if (plugins.length === 0) return 'no plugin is registered';
  return table(
    plugins,
    [
      { title: 'plugin', value: ({ name }) => name },
      {
        title: 'joins',
        value: ({ joins }) => joins.map((join) => formatJoin(join, workflows)).join(', '),
      },
      {
        title: 'instances',
        value: ({ concurrency }) => formatConcurrency(concurrency),
        align: 'right',
      },
      { title: 'timeout', value: (one) => formatSeconds(one.timeoutSeconds), align: 'right' },
      { title: 'attempts', value: ({ retry }) => retry.maxAttempts, align: 'right' },
      ...(plugins.some(({ quarantined }) => quarantined !== undefined) ? [QUARANTINE] : []),
      { title: 'history', value: ({ history }) => (history ? 'yes' : 'no') },
    ],
    title,
  );
}

const QUARANTINE = {
  title: 'quarantine',
  value: ({ quarantined }: PluginView) =>
    quarantined && `${quarantined.phase}: ${quarantined.reason}`,
};

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
