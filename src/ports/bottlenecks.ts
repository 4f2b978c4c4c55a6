import type { Bottleneck } from '../core/scaling.ts';
import type { PluginRecords, Recorded } from './plugin-records.ts';

export type RecordedBottleneck = Recorded<Bottleneck>;

/** The plugins that are behind, or whose concurrency is not yet back where it began. */
export type Bottlenecks = PluginRecords<Bottleneck>;
