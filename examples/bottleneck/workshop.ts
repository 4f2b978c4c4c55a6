import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from '../../src/cli/api.ts';
import type { StatusView } from '../../src/cli/responses.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { Checks } from '../demo/checks.ts';

/** The name of the service in service/serverless.yml. */
const SERVICE = 'workshop';
const LOOK_EVERY_MS = 300;

export type PluginStatus = StatusView['plugins'][number];

/** A lifecycle fact that `announce` has posted. */
export interface Fact {
  readonly type: 'plugin.bottleneck' | 'plugin.bottleneck.cleared';
  readonly data: { readonly plugin: string; readonly cause?: string };
}

/** What every part of the demo needs. */
export interface Workshop {
  readonly api: Api;
  readonly terminal: Terminal;
  readonly checks: Checks;
  /** Running instances on this machine, by the keys of the service's functions. */
  readonly instances: () => Promise<Readonly<Record<string, number>>>;
  readonly facts: () => Promise<readonly Fact[]>;
}

export function observeMachine(
  controlUrl: string,
  webhookUrl: string,
): Pick<Workshop, 'instances' | 'facts'> {
  return {
    instances: async () => {
      const { functions } = await read<{ functions: readonly FunctionInstances[] }>(
        `${controlUrl}/instances`,
      );
      const own = functions.filter(({ service }) => service === SERVICE);
      return Object.fromEntries(own.map(({ key, instances }) => [key, instances]));
    },
    facts: () => read<readonly Fact[]>(webhookUrl),
  };
}

interface FunctionInstances {
  readonly service: string;
  readonly key: string;
  readonly instances: number;
}

async function read<T>(url: string): Promise<T> {
  return (await (await fetch(url, { signal: AbortSignal.timeout(5000) })).json()) as T;
}

export function pluginIn({ plugins }: StatusView, name: string): PluginStatus {
  const plugin = plugins.find((one) => one.name === name);
  if (plugin === undefined) throw new Error(`the status does not list plugin ${name}`);
  return plugin;
}

/** Calls `look` until it gives a value. @throws if there is none in time */
export async function lookUntil<T>(
  what: string,
  limitMs: number,
  look: () => Promise<T | undefined | false>,
): Promise<T> {
  const until = performance.now() + limitMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > until) throw new Error(`${what}: not within ${limitMs / 1000} s`);
    await pause(LOOK_EVERY_MS);
  }
}
