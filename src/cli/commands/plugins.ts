import type { PluginView } from '../answers.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { saySeconds } from '../durations.ts';
import { allPages } from '../pages.ts';
import { table } from '../table.ts';

/** `baton plugins` */
export const addPlugins: AddCommand = (program, leave) => {
  program
    .command('plugins')
    .description('show the registered plugins')
    .action(
      action(leave, async ({ api, terminal }) => {
        const answer = await allPages<'plugins', PluginView>(api, '/plugins', 'plugins');
        terminal.result(answer, () => draw(answer.plugins, (text) => terminal.paint('bold', text)));
        return undefined;
      }),
    );
};

function draw(plugins: readonly PluginView[], title: (text: string) => string): string {
  if (plugins.length === 0) return 'no plugin is registered';
  return table(
    plugins,
    [
      { title: 'plugin', value: ({ name }) => name },
      { title: 'joins', value: ({ joins }) => joins.map(sayJoin).join(', ') },
      {
        title: 'instances',
        value: ({ concurrency }) => sayConcurrency(concurrency),
        align: 'right',
      },
      { title: 'timeout', value: (one) => saySeconds(one.timeoutSeconds), align: 'right' },
      { title: 'attempts', value: ({ retry }) => retry.maxAttempts, align: 'right' },
      { title: 'history', value: ({ history }) => (history ? 'yes' : 'no') },
    ],
    title,
  );
}

function sayJoin({
  activity,
  stage,
  workflow,
  mandatory,
  filter,
}: PluginView['joins'][number]): string {
  const where = `${workflow === undefined ? '' : `${workflow}/`}${activity}.${stage}`;
  const notes = [...(mandatory ? [] : ['optional']), ...(filter === undefined ? [] : ['filtered'])];
  return notes.length === 0 ? where : `${where} (${notes.join(', ')})`;
}

function sayConcurrency({ base, ceiling }: PluginView['concurrency']): string {
  return base === ceiling ? String(base) : `${base}–${ceiling}`;
}
