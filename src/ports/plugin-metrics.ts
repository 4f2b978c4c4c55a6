import type { Plugin } from '../core/plugin.ts';

/** The newest values of a plugin in CloudWatch, a minute or two old; `undefined` if it has none. */
export interface PluginGauges {
  /** Age of the oldest message in its queue. */
  readonly oldestSeconds: number | undefined;
  /** Instances at work. */
  readonly instances: number | undefined;
}

/** Averages over the last minutes that CloudWatch has values for. */
export interface Throughput {
  /** Attempts that ended, the failed ones included. */
  readonly endedPerSecond: number;
  readonly failedPerSecond: number;
  /** Invocations that died: their attempts did not end, they come again. */
  readonly crashedPerSecond: number;
}

/**
 * The metrics that AWS keeps of plugins' queues and functions, and the core's count of failed attempts. Each metric that is read costs
 * $0.00001 (https://aws.amazon.com/cloudwatch/pricing/), so ask only about plugins that have work.
 */
export interface PluginMetrics {
  /** By plugin name. */
  gauges(plugins: readonly Plugin[]): Promise<ReadonlyMap<string, PluginGauges>>;
  /** By plugin name. */
  throughput(plugins: readonly Plugin[]): Promise<ReadonlyMap<string, Throughput>>;
  /** Names of the plugins that got something done within the last `withinSeconds`. */
  working(
    asked: readonly { readonly plugin: Plugin; readonly withinSeconds: number }[],
  ): Promise<ReadonlySet<string>>;
}
