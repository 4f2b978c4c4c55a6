import type { Context } from 'node:vm';
import { createContext, runInContext } from 'node:vm';

/** All matches of one expression together: many times what a whole payload takes, and soon enough for the orders beside it. */
const LIMIT_MS = 1000;

/** A match is run in it, since only there can it be interrupted. */
let room: (Context & { match?: () => RegExpExecArray | null }) | undefined;

/**
 * A `RegExp` whose matches together may take so long. Within a single match no step is counted, and one that backtracks
 * without end would hold up all orders of its batch, and each sweep after it.
 * @see https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS
 */
export function boundedRegExp(): RegExpConstructor {
  let leftMs = LIMIT_MS;

  class BoundedRegExp extends RegExp {
    override exec(text: string): RegExpExecArray | null {
      room ??= createContext({});
      room.match = () => super.exec(text);
      const startedAt = performance.now();
      try {
        return runInContext('match()', room, { timeout: Math.max(1, Math.ceil(leftMs)) });
      } catch (error) {
        if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
        throw new Error(`its regular expressions take more than ${LIMIT_MS} ms`);
      } finally {
        leftMs -= performance.now() - startedAt;
      }
    }
  }

  return BoundedRegExp as unknown as RegExpConstructor;
}
