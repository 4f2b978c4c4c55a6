import { compensationFault } from '../../src/sdk/compensation.ts';
import type { PackageAnswers } from './ask-packages.ts';

/** What the packages of a service say against its blocks. */
export interface CompensationCheck {
  /** Each would fail the plugin's first task. */
  readonly faults: readonly string[];
  /** What could not be checked, and why. */
  readonly unknown: readonly string[];
}

/** As far as it is looked at here. */
interface DeclaredService {
  readonly functions: Readonly<
    Record<string, { readonly environment?: Readonly<Record<string, unknown>> }>
  >;
}

/** Holds what each block says about undoing against what its function was defined with. Functions that say nothing are left to their first task. */
export function checkCompensations(
  service: DeclaredService,
  answers: PackageAnswers,
): CompensationCheck {
  const faults: string[] = [];
  const unknown: string[] = [];
  for (const [key, answer] of answers) {
    const compensates = service.functions[key]?.environment?.BATON_COMPENSATES === 'true';
    if ('compensates' in answer) {
      const fault = compensationFault(compensates, answer.compensates);
      if (fault !== undefined) faults.push(`function "${key}": ${fault}`);
    } else if ('failed' in answer) {
      unknown.push(
        `function "${key}": whether it compensates, as its block ${compensates ? 'says' : 'does not say'}, is checked at its first task only: its package cannot be loaded here (${answer.failed})`,
      );
    }
  }
  return { faults, unknown };
}
