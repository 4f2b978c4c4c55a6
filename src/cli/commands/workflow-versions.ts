import * as paths from '../../client/paths.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { formatInstant } from '../durations.ts';
import { allPages } from '../pages.ts';
import type { VersionList, VersionView } from '../responses.ts';
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
        const path = paths.versions(name);
        const list = await allPages<'versions', VersionView, Pick<VersionList, 'approximate'>>(
          ...([api, path, 'versions'] as const),
        );
        terminal.result(list, () => draw(list, terminal));
        return undefined;
      }),
    );
};

function draw(
  { versions, approximate }: Pick<VersionList, 'versions' | 'approximate'>,
  terminal: Terminal,
): string {
  const shown = ({ active }: VersionView) => {
    if (approximate !== true) return active;
    return active === 0 ? 'too few to see in a sample' : `about ${active}`;
  };
  return table(
    versions,
    [
      { title: 'version', value: ({ version }) => version, align: 'right' },
      { title: 'stored', value: ({ storedAt }) => storedAt && formatInstant(storedAt) },
      { title: 'by', value: ({ storedBy }) => storedBy, flexible: true },
      { title: 'active orders', value: shown, align: 'right' },
    ],
    terminal,
  );
}
