import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { formatInstant } from '../durations.ts';
import { allPages } from '../pages.ts';
import type { VersionView } from '../responses.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** `baton workflows versions NAME` */
export const addVersions: AddCommand = (workflows, setExitCode) => {
  workflows
    .command('versions')
    .description(
      "show a workflow's versions: when and by whom each was stored, and how many orders have it",
    )
    .argument('<name>')
    .action(
      action(setExitCode, async ({ api, terminal }, _: object, name: string) => {
        const path = `/workflows/${encodeURIComponent(name)}/versions`;
        const list = await allPages<'versions', VersionView>(api, path, 'versions');
        terminal.result(list, () => draw(list.versions, terminal));
        return undefined;
      }),
    );
};

function draw(versions: readonly VersionView[], terminal: Terminal): string {
  return table(
    versions,
    [
      { title: 'version', value: ({ version }) => version, align: 'right' },
      { title: 'stored', value: ({ storedAt }) => storedAt && formatInstant(storedAt) },
      { title: 'by', value: ({ storedBy }) => storedBy, flexible: true },
      { title: 'active orders', value: ({ active }) => active, align: 'right' },
    ],
    terminal,
  );
}
