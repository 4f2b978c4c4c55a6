import type { Bottleneck } from '../core/scaling.ts';
import type { Recorded, Records } from './records.ts';

export type RecordedBottleneck = Recorded<Bottleneck>;

/** The plugins that are behind, or whose concurrency is not yet back where it began, by plugin. */
export type Bottlenecks = Records<Bottleneck>;
