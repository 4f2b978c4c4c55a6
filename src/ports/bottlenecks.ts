import type { Bottleneck } from '../core/scaling.ts';

/** A bottleneck as it was read: a write of it depends on the `version`. */
export interface RecordedBottleneck extends Bottleneck {
  readonly version: number;
}

/** The plugins that are behind, or whose concurrency is not yet back where it began. */
export interface Bottlenecks {
  list(): Promise<readonly RecordedBottleneck[]>;
  /** `undefined` for a plugin that is no bottleneck. */
  get(plugin: string): Promise<RecordedBottleneck | undefined>;
  /** Replaces the record if it is still as it was `read`; with `undefined`, if there is still none. @returns whether it is stored */
  put(bottleneck: Bottleneck, read: RecordedBottleneck | undefined): Promise<boolean>;
  /** Removes the record if it is still as it was `read`. @returns whether it is removed */
  remove(read: RecordedBottleneck): Promise<boolean>;
}
