import type { Quarantine } from '../core/quarantine.ts';

/** A quarantine as it was read: a write of it depends on the `version`. */
export type RecordedQuarantine = Quarantine & { readonly version: number };

/** The plugins that are held back, and those that have reopened and may still have parked tasks. */
export interface Quarantines {
  /** As of now. */
  list(): Promise<readonly RecordedQuarantine[]>;
  /** As of now; `undefined` for a plugin that is open. */
  get(plugin: string): Promise<RecordedQuarantine | undefined>;
  /** Replaces the quarantine if it is still as it was `read`; with `undefined`, if there is still none. @returns whether it is stored */
  put(quarantine: Quarantine, read: RecordedQuarantine | undefined): Promise<boolean>;
  /** Removes the quarantine if it is still as it was `read`. @returns whether it is removed */
  remove(read: RecordedQuarantine): Promise<boolean>;
}
