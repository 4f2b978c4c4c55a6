import { isDeepStrictEqual } from 'node:util';
import { placesOf, reasonAgainst, writeParticipation } from '../../contract/taking-part.ts';
import { defined } from '../../core/defined.ts';
import type { Participation, Plugin, PluginDefinition } from '../../core/plugin.ts';
import type { Workflows } from '../../ports/workflows.ts';

/** Where a plugin takes part, as people write it. */
const joinedBy = ({ joins }: PluginDefinition): readonly string[] => joins.map(writeParticipation);

/** Where the plugin took part before this change. A registration that changes nothing of it keeps what was noted. */
export function joinedBefore(
  definition: PluginDefinition,
  known: Plugin,
): Pick<Plugin, 'joinedBefore'> {
  if (!isDeepStrictEqual(joinedBy(definition), joinedBy(known))) {
    return { joinedBefore: joinedBy(known) };
  }
  return defined({ joinedBefore: known.joinedBefore });
}

/**
 * Conflicts with existing workflows. Where the plugin takes part already, or did until its last change, it is not refused: the
 * workflow may have changed since, and a stack that rolls back must get to where it was.
 */
export async function reasonsAgainst(
  { joins }: PluginDefinition,
  known: Plugin | undefined,
  workflows: Pick<Workflows, 'latest'>,
): Promise<readonly string[]> {
  const joined = new Set(known && [...joinedBy(known), ...(known.joinedBefore ?? [])]);
  const isKnown = (join: Participation) => joined.has(writeParticipation(join));
  const reasons: string[] = [];
  for (const [index, join] of joins.entries()) {
    if (join.workflow === undefined || isKnown(join)) continue;
    const workflow = await workflows.latest(join.workflow);
    const reason = workflow && reasonAgainst(join, workflow);
    if (reason !== undefined) reasons.push(`joins[${index}]: ${reason}`);
  }
  return reasons;
}

/** Where no workflow invites the plugin yet. A plugin may come before its workflow; its activity may also be misspelt. */
export async function uninvited(
  { joins }: PluginDefinition,
  workflows: Pick<Workflows, 'list'>,
): Promise<readonly string[]> {
  if (joins.length === 0) return [];
  const all = await workflows.list();
  return joins.filter((join) => placesOf(join, all).length === 0).map(writeParticipation);
}
