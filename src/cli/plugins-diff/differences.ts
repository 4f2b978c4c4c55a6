import { isDeepStrictEqual } from 'node:util';
import { placesOf, reasonAgainst, writeParticipation } from '../../contract/taking-part.ts';
import type { Plugin, PluginDefinition } from '../../core/plugin.ts';
import type { StageName, Workflow } from '../../core/workflow.ts';
import type { CompiledService } from './compile-service.ts';
import type { Seat, Terms } from './seats.ts';
import { seatsOf } from './seats.ts';

export interface FieldChange {
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What a deployment does to one plugin. */
export interface PluginChange {
  readonly plugin: string;
  readonly folder: string;
  readonly change: 'new' | 'changed' | 'gone';
  /** Of its definition, wherever it takes part. */
  readonly fields: readonly FieldChange[];
  /** What it joins and no workflow has yet. */
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
  /** The workflow names the plugin. */
  readonly named: boolean;
  readonly fields: readonly FieldChange[];
}

export interface Differences {
  readonly plugins: readonly PluginChange[];
  readonly stages: readonly StageChange[];
  /** Why a registration would be refused, one line a reason. */
  readonly refused: readonly string[];
}

/** A plugin as the API shows it. */
export type Registered = PluginDefinition & Pick<Plugin, 'owner'>;

/** What deploying the services would change, workflow by workflow. */
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
    const fields = before && after ? fieldsOf(settingsOf(before), settingsOf(after)) : [];
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
    const { joins: _, ...place } = seat;
    const [was, is] = [old.get(key), now.get(key)];
    if (was === undefined) {
      return [{ ...place, plugin, change: 'joins', fields: fieldsOf({}, settingsOfSeat(is)) }];
    }
    if (is === undefined) return [{ ...place, plugin, change: 'leaves', fields: [] }];
    const changed = [...fieldsOf(settingsOfSeat(was), settingsOfSeat(is)), ...fields];
    return changed.length === 0 ? [] : [{ ...place, plugin, change: 'changed', fields: changed }];
  });
}

/** As the registration would: only what is new is refused. */
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

type Settings = Readonly<Record<string, unknown>>;

/** What the API shows besides, and where the plugin runs. */
const NOT_OF_TASKS = new Set(['owner', 'registeredAt', 'functionName', 'switchedOff', 'draining']);

/** What a definition says of its tasks, one level deep: `retry.maxAttempts`. */
function settingsOf(definition: PluginDefinition): Settings {
  const { name: _, joins: __, retry, concurrency, ...plain } = definition;
  const { history, timeoutSeconds, heartbeatSeconds, totalSeconds, ...more } = plain;
  const others = Object.entries(more).filter(([key]) => !NOT_OF_TASKS.has(key));
  return {
    ...{ history, timeoutSeconds, heartbeatSeconds, totalSeconds },
    ...under('retry', retry),
    ...under('concurrency', concurrency),
    ...Object.fromEntries(others),
  };
}

function settingsOfSeat(seat: Seat | undefined): Settings {
  const terms = seat?.joins ?? [];
  const [first]: readonly (Terms | undefined)[] = terms;
  return terms.length > 1 ? { joins: terms } : { ...first };
}

function under(name: string, settings: object): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`${name}.${key}`, value]),
  );
}

function fieldsOf(before: Settings, after: Settings): FieldChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => !isDeepStrictEqual(before[field], after[field]))
    .map((field) => ({
      field,
      ...(before[field] !== undefined && { before: before[field] }),
      ...(after[field] !== undefined && { after: after[field] }),
    }));
}
