import type { Order, Task, Workflow } from '../../src/console/messages.ts';

/** An order that began at noon; seconds count from then. */
export const at = (seconds: number): string =>
  new Date(Date.UTC(2026, 0, 1, 12) + seconds * 1000).toISOString();

export const order = (fields: Partial<Order> = {}): Order => ({
  ...{ orderId: 'o-1', status: 'running', workflow: { name: 'pass', version: 1 } },
  ...{ acceptedAt: at(0), input: 1, attributes: {}, jobs: {}, tasks: [], timeline: [] },
  ...fields,
});

/** A task that was sent; other fields as given. */
export const task = (plugin: string, fields: object = {}): Task =>
  ({
    ...{ taskId: `t-${plugin}`, job: plugin, plugin, activity: 'first', stage: 'pre' },
    ...{ status: 'completed', attempts: [{ attempt: 1, dispatchedAt: at(0), endedAt: at(1) }] },
    ...{ dispatchedAt: at(0), endedAt: at(1) },
    ...fields,
  }) as unknown as Task;

type Activity = Workflow['activities'][number];

export const workflow = (...activities: Partial<Activity>[]): Workflow => ({
  ...{ name: 'pass', version: 1, on: [] },
  activities: activities.map((activity, index) => ({
    ...{ name: ['first', 'second', 'third'][index] ?? `activity-${index}` },
    ...{ pre: [], parallel: [], post: [], ...activity },
  })),
});
