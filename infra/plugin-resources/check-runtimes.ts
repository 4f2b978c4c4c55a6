import type { PackageAnswers } from './ask-packages.ts';
import type { Service } from './plugin-service.ts';

/** The oldest of Lambda's that has what the SDK calls: `engines` of the package has the same Node. */
const OLDEST = 22;

/** Plugins of definePlugin whose runtime is too old for it: each of their tasks would fail, although they pass on this machine's Node. */
export function checkRuntimes(
  { functions, provider }: Pick<Service, 'functions' | 'provider'>,
  answers: PackageAnswers,
): readonly string[] {
  return [...answers].flatMap(([key, answer]) => {
    const runtime = functions[key]?.runtime ?? provider.runtime;
    const major = /^nodejs(\d+)/.exec(runtime ?? '')?.[1];
    if (!('compensates' in answer) || major === undefined || Number(major) >= OLDEST) return [];
    return [
      `function "${key}": runtime: definePlugin needs nodejs${OLDEST}.x or newer, not ${runtime}`,
    ];
  });
}
