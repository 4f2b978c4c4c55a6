import { type Block, blocksOf } from '../blocks.ts';
import { kindOf } from '../kinds.ts';
import { playingOf } from '../marks.ts';

/** Pages that one person plays one after another, in one clone with data of its own. The first of them starts the system. */
export const SESSIONS: readonly (readonly string[])[] = [
  ['docs/a-running-system.md'],
  [
    ...['docs/local.md', 'README.md', 'docs/api.md', 'docs/cli.md', 'docs/schedules.md'],
    ...['docs/choreography.md', 'docs/failure.md', 'docs/bottleneck.md', 'docs/troubleshooting.md'],
    // These start the system again, with other options.
    ...['docs/containers.md', 'docs/tracing.md'],
  ],
  ['docs/write-a-plugin.md'],
];

export const hasCommands = (block: Block): boolean => ['script', 'session'].includes(kindOf(block));

/** The file that the block says it is: `ts handler.ts`. */
export const fileOf = ({ info }: Block): string | undefined => /^\w+ (\S+\.\w+)$/.exec(info)?.[1];

/** What is played of a page, in its order: commands are typed, and files written. */
export function blocksToPlay(page: string): readonly Block[] {
  return blocksOf(page).filter((block) =>
    hasCommands(block) ? playingOf(block).played : fileOf(block) !== undefined,
  );
}
