import { defined } from '../../core/defined.ts';
import type { Quarantine } from '../../core/quarantine.ts';
import { iso } from '../http/iso.ts';

/** A quarantine as the API shows it. */
export function viewQuarantine(quarantine: Quarantine): object {
  const { phase, since, reason, actor } = quarantine;
  const canaryAt = quarantine.phase === 'closed' ? quarantine.canaryAt : undefined;
  return {
    ...{ phase, since: iso(since), reason },
    ...defined({ actor, nextCanaryAt: canaryAt === undefined ? undefined : iso(canaryAt) }),
  };
}
