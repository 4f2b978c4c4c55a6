import { isDeepStrictEqual } from 'node:util';
import { placesOf, reasonAgainst, writeParticipation } from '../../contract/taking-part.ts';
import type { Plugin, PluginDefinition } from '../../core/plugin.ts';
import type { StageName, Workflow } from '../../core/workflow.ts';
import type { CompiledService } from './compile-service.ts';
import type { Seat } from './seats.ts';
import { seatsOf } from './seats.ts';
import type { FieldChange } from './settings.ts';
import { changedFields, settingsOf, settingsOfSeat } from './settings.ts';

/** What a deployment does to one plugin. */
export interface PluginChange {
  readonly plugin: string;
  readonly folder: string;
  readonly change: 'new' | 'changed' | 'gone';
  /** Changes of its definition; they count wherever it takes part. */
  readonly fields: readonly FieldChange[];
  /** Its participations that no workflow has a stage for yet. */
  readonly pending: readonly string[];
}

/** What a deployment does to one stage of a workflow. */
export interface StageChange {
  readonly workflow: string;
  readonly version: number;
  readonly activity: string;
  readonly stage: StageName;
  readonly plugin: string;
  readonly change: 'joins' | 'leaves' | 'changed';
  /** Whether the workflow names the plugin. */
  readonly named: boolean;
  readonly fields: readonly FieldChange[];
}

export interface Differences {
  readonly plugins: readonly PluginChange[];
  readonly stages: readonly StageChange[];
  /** Why registrations would be refused, one line for each reason. */
  readonly refused: readonly string[];
}

/** A registered plugin, as the API shows it. */
export type Registered = PluginDefinition & Pick<Plugin, 'owner'>;

/** What the deployment of the services would change, workflow by workflow. */
export function differencesOf(
  services: readonly CompiledService[],
  registered: readonly Registered[],
  workflows: readonly Workflow[],
): Differences {
  const plugins: PluginChange[] = [];
  const stages: StageChange[] = [];
  const refused: string[] = [];
  const byName = new Map(registered.map((plugin) => [plugin.name, plugin]));
  for (const { folder, stackName, plugins: compiled } of services) {
    const isOwn = ({ owner }: Registered) => owner.endsWith(`:stack/${stackName}`);
    for (const after of compiled) {
      const before = byName.get(after.name);
      if (before !== undefined && !isOwn(before)) {
        refused.push(`${after.name} is registered by another stack: ${before.owner}`);
        continue;
      }
      refused.push(...refusalsOf(before, after, workflows));
      add(before, after, folder);
    }
    const kept = new Set(compiled.map(({ name }) => name));
    for (const before of registered) {
      if (isOwn(before) && !kept.has(before.name)) add(before, undefined, folder);
    }
  }
  const rank = new Map(workflows.map(({ name }, index) => [name, index]));
  stages.sort((a, b) => (rank.get(a.workflow) ?? 0) - (rank.get(b.workflow) ?? 0));
  return { plugins, stages, refused };

  function add(
    before: PluginDefinition | undefined,
    after: PluginDefinition | undefined,
    folder: string,
  ): void {
    const plugin = (after ?? before)?.name ?? '';
    const fields = before && after ? changedFields(settingsOf(before), settingsOf(after)) : [];
    const touched = stagesOf(plugin, before, after, fields, workflows);
    const isSame =
      before !== undefined &&
      after !== undefined &&
      fields.length === 0 &&
      isDeepStrictEqual(before.joins, after.joins);
    stages.push(...touched);
    if (isSame) return;
    const change = before === undefined ? 'new' : after === undefined ? 'gone' : 'changed';
    const pending = (after?.joins ?? [])
      .filter((join) => placesOf(join, workflows).length === 0)
      .map(writeParticipation);
    plugins.push({ plugin, folder, change, fields, pending });
  }
}

function stagesOf(
  plugin: string,
  before: PluginDefinition | undefined,
  after: PluginDefinition | undefined,
  fields: readonly FieldChange[],
  workflows: readonly Workflow[],
): StageChange[] {
  const old = new Map(before && seatsOf(before, workflows).map((seat) => [keyOf(seat), seat]));
  const now = new Map(after && seatsOf(after, workflows).map((seat) => [keyOf(seat), seat]));
  return [...new Map([...old, ...now])].flatMap(([key, seat]): StageChange[] => {
    const { joins: _, ...stage } = seat;
    const [was, is] = [old.get(key), now.get(key)];
    if (was === undefined) {
      return [{ ...stage, plugin, change: 'joins', fields: changedFields({}, settingsOfSeat(is)) }];
    }
    if (is === undefined) return [{ ...stage, plugin, change: 'leaves', fields: [] }];
    const changed = [...changedFields(settingsOfSeat(was), settingsOfSeat(is)), ...fields];
    return changed.length === 0 ? [] : [{ ...stage, plugin, change: 'changed', fields: changed }];
  });
}

/** Why the registration would refuse this definition. As there, participations that exist already are not refused. */
function refusalsOf(
  before: PluginDefinition | undefined,
  { name, joins }: PluginDefinition,
  workflows: readonly Workflow[],
): readonly string[] {
  const known = new Set(before?.joins.map(writeParticipation));
  return joins.flatMap((join) => {
    const workflow = workflows.find((one) => one.name === join.workflow);
    if (workflow === undefined || known.has(writeParticipation(join))) return [];
    const reason = reasonAgainst(join, workflow);
    return reason === undefined ? [] : [`${name}: ${reason}`];
  });
}

function keyOf({ workflow, activity, stage }: Seat): string {
  return JSON.stringify([workflow, activity, stage]);
}
