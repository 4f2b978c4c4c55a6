import { historyQuerySchema } from '../../contract/history.ts';
import { parse } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import type { Clock } from '../../ports/clock.ts';
import type { History } from '../../ports/history.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Route } from '../http/http-api.ts';
import { iso } from '../http/iso.ts';
import { periodOf } from './period.ts';

export interface HistoryPorts {
  readonly history: Pick<History, 'read'>;
  readonly registry: Pick<Registry, 'plugins'>;
  readonly clock: Clock;
}

/** How the system stood, and how one plugin did. */
export function historyRoutes({ history, registry, clock }: HistoryPorts): readonly Route[] {
  const readPeriod = async (query: Readonly<Record<string, string>>) => {
    const asked = parse(historyQuerySchema, query);
    const { from, to } = periodOf(asked, clock());
    const period = { per: asked.per, from: iso(from), to: iso(to) };
    return { period, samples: await history.read(asked.per, from, to) };
  };
  return [
    {
      method: 'GET',
      path: '/history',
      readsQuery: true,
      handle: async ({ query }) => {
        const { period, samples } = await readPeriod(query);
        const points = samples.map(({ at, system }) => ({ at: iso(at), ...system }));
        return { status: 200, body: { ...period, points } };
      },
    },
    {
      method: 'GET',
      path: '/plugins/{name}/history',
      readsQuery: true,
      handle: async ({ params: { name = '' }, query }) => {
        if (!(await registry.plugins()).has(name)) {
          throw new Problem('NOT_FOUND', `there is no plugin ${name}`);
        }
        const { period, samples } = await readPeriod(query);
        const points = samples
          .filter(({ plugins }) => Object.hasOwn(plugins, name))
          .map(({ at, plugins }) => ({ at: iso(at), ...plugins[name] }));
        return { status: 200, body: { name, ...period, points } };
      },
    },
  ];
}
