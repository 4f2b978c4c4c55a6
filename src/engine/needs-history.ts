import { expressionsIn } from '../contract/definition-content.ts';
import type { Json } from '../core/json.ts';

/** True if any of the templates looks at `$jobs` or at the order's own `input`, which the state does not hold. */
export function needsHistory(templates: readonly Json[]): boolean {
  return templates.some((template) =>
    expressionsIn(template).some((expression) => /\$jobs\b|\binput\b/.test(expression)),
  );
}
