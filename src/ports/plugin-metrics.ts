import type { Plugin } from '../core/plugin.ts';

/** What CloudWatch last heard of a plugin; `undefined` what it heard nothing of. */
export interface PluginGauges {
  readonly oldestSeconds: number | undefined;
  readonly instances: number | undefined;
}

/** Of the minutes that CloudWatch has heard of. */
export interface Throughput {
  readonly endedPerSecond: number;
  readonly failedPerSecond: number;
  readonly crashedPerSecond: number;
}

/**
 * What AWS measures anyway, and the core's count of failed attempts. A metric asked for costs $0.00001
 * (https://aws.amazon.com/cloudwatch/pricing/): ask for the plugins that have something to do.
 */
export interface PluginMetrics {
  /** By the plugin's name. */
  gauges(plugins: readonly Plugin[]): Promise<ReadonlyMap<string, PluginGauges>>;
  /** By the plugin's name. */
  throughput(plugins: readonly Plugin[]): Promise<ReadonlyMap<string, Throughput>>;
  /** The names of those that got something done within the seconds that each is asked for. */
  working(
    asked: readonly { readonly plugin: Plugin; readonly withinSeconds: number }[],
  ): Promise<ReadonlySet<string>>;
}
