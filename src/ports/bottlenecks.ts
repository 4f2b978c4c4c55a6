import type { Bottleneck } from '../core/scaling.ts';

/** A bottleneck as it was read: `version` is what a write depends on. */
export interface RecordedBottleneck extends Bottleneck {
  readonly version: number;
}

/** The plugins that are behind, or whose concurrency is not yet back where it began. */
export interface Bottlenecks {
  list(): Promise<readonly RecordedBottleneck[]>;
  get(plugin: string): Promise<RecordedBottleneck | undefined>;
  /** Stores it in place of what was read, if it is still that. @returns whether it is stored. */
  put(bottleneck: Bottleneck, read: RecordedBottleneck | undefined): Promise<boolean>;
  /** Removes what was read, if it is still that. @returns whether it is gone. */
  remove(read: RecordedBottleneck): Promise<boolean>;
}
