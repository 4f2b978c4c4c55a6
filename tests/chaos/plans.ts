import { readDefinition } from '../../src/contract/workflow-definition.ts';
import type { Workflow } from '../../src/core/workflow.ts';
import type { Chance } from '../simulation/seed.ts';

/** An order that is placed, and what is wrong with it. */
export interface Plan {
  readonly orderId: string;
  readonly workflow: string;
  readonly input: number;
  readonly attributes: {
    /** Orders that are placed together. */
    readonly batch: string;
    /** The plugin that fails for good over this order, until somebody heals the order. */
    readonly poison?: string;
  };
}

/** Whose work can be undone. */
export const UNDOABLE: ReadonlySet<string> = new Set(['reserve', 'pay', 'pack', 'ticket']);

/** Fails for a while over every order. */
export const FRAIL = 'ticket';

export const PLUGINS = [...UNDOABLE, 'check', 'mail', 'apologise', 'approve'];

const optional = (plugin: string) => ({ plugin, mandatory: false });
const waits = (wait: string) => ({ wait });

/** As they are put. Those that wait are under way when everything is killed, however fast the machine is. */
export const DEFINITIONS: Readonly<Record<string, object>> = {
  trip: {
    activities: [
      {
        ...{ name: 'book', pre: ['reserve', waits('3s')] },
        parallel: ['pay', 'pack', optional('mail')],
      },
      { name: 'issue', pre: ['ticket'], post: ['pack'] },
    ],
  },
  slow: {
    activities: [
      {
        ...{ name: 'book', pre: ['reserve', waits('25s'), 'pay'] },
        ...{ parallel: ['pack', 'ticket'], post: ['mail'] },
      },
    ],
  },
  held: {
    pauseOnFailure: true,
    activities: [{ name: 'sell', pre: ['reserve', 'pay'], post: [waits('5s'), 'ticket'] }],
  },
  plain: {
    activities: [{ name: 'look', pre: ['check', waits('5s')], parallel: ['mail', 'check'] }],
  },
  pivoted: {
    pivot: 'sell',
    activities: [
      { name: 'book', pre: ['reserve'] },
      { name: 'sell', pre: ['pay'] },
      { name: 'issue', pre: [waits('8s'), 'mail'], post: ['ticket'] },
    ],
  },
  caught: {
    activities: [
      {
        ...{ name: 'try', pre: ['reserve', 'pay'] },
        onFailure: { plugins: ['apologise'], then: 'continue' },
      },
      { name: 'after', pre: [waits('3s'), 'pack'] },
    ],
  },
  asked: {
    activities: [{ name: 'ask', pre: ['reserve', 'approve'], post: ['pay', waits('3s'), 'check'] }],
  },
  listed: {
    activities: [
      { name: 'each', parallel: [{ plugin: 'pack', forEach: '[1..12]' }], post: ['mail'] },
    ],
  },
};

/** As the core and the sequential model know them. */
export const WORKFLOWS: ReadonlyMap<string, Workflow> = new Map(
  Object.entries(DEFINITIONS).map(([name, definition]) => [
    name,
    { ...readDefinition(name, definition), version: 1 },
  ]),
);

const POISONED = 0.3;

/** So many orders in so many batches, some of them poisoned. */
export function plansFor(count: number, batches: number, chance: Chance): readonly Plan[] {
  const workflows = [...WORKFLOWS.values()];
  return Array.from({ length: count }, (_, input) => {
    const workflow = chance.pick(workflows);
    const poison = chance.happens(POISONED) ? { poison: chance.pick(pluginsOf(workflow)) } : {};
    const batch = String(Math.floor((input * batches) / count));
    return {
      ...{ orderId: `order-${input}`, workflow: workflow.name, input },
      attributes: { batch, ...poison },
    };
  });
}

/** What it names, but for those who do not know poison: who catches a failure, and who leaves the work to somebody. */
function pluginsOf({ activities }: Workflow): readonly string[] {
  const steps = activities.flatMap(({ pre, parallel, post }) => [...pre, ...parallel, ...post]);
  const names = steps.flatMap((step) => ('plugin' in step ? [step.plugin] : []));
  return names.filter((name) => name !== 'approve');
}
