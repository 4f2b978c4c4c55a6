import { nameSchema } from '../../contract/json.ts';
import { noSuchPage } from '../../contract/page-token.ts';
import { parse } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import { pageQuerySchema } from '../../contract/requests.ts';
import { defined } from '../../core/defined.ts';
import type { ActiveOrders } from '../../ports/active-orders.ts';
import type { Workflows } from '../../ports/workflows.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { iso } from '../http/iso.ts';

export interface VersionsPorts {
  readonly workflows: Pick<Workflows, 'versions'>;
  readonly activeOrders: Pick<ActiveOrders, 'survey'>;
}

/** The versions of a workflow, the newest first, and how many of the active orders have each. */
export async function listVersions(
  { params: { name = '' }, query }: ApiRequest,
  { workflows, activeOrders }: VersionsPorts,
) {
  const { limit, next: after } = parse(pageQuerySchema, query);
  const all = nameSchema.safeParse(name).success ? await workflows.versions(name) : [];
  if (all.length === 0) throw new Problem('NOT_FOUND', `there is no workflow ${name}`);
  if (after !== undefined && !all.some(({ version }) => String(version) === after)) {
    throw noSuchPage();
  }
  const rest = all
    .filter(({ version }) => after === undefined || version < Number(after))
    .toSorted((a, b) => b.version - a.version);
  const page = rest.slice(0, limit);
  const { count, sample } = await activeOrders.survey();
  const isWhole = sample.length === count;
  const scale = sample.length === 0 ? 0 : count / sample.length;
  const running = (version: number) => {
    const found = sample.filter(
      ({ workflow }) => workflow.name === name && workflow.version === version,
    ).length;
    return Math.round(found * scale);
  };
  const body = {
    versions: page.map(({ version, storedAt, storedBy }) => ({
      version,
      ...defined({ storedAt: storedAt === undefined ? undefined : iso(storedAt), storedBy }),
      active: running(version),
    })),
    ...(!isWhole && { approximate: true }),
    ...(rest.length > limit && { next: String(page.at(-1)?.version) }),
  };
  return { status: 200, body };
}
