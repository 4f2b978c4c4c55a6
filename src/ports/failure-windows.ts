import type { FailureWindow } from '../core/failure-window.ts';
import type { Instant } from '../core/json.ts';

/** A window as it was read: a write of it depends on the `version`. */
export interface RecordedWindow {
  readonly window: FailureWindow;
  readonly version: number;
}

/** How the latest attempts of plugins ended, as far as it has been told: only who has seen a failure tells. */
export interface FailureWindows {
  get(plugin: string): Promise<RecordedWindow | undefined>;
  /**
   * Replaces the window if it is still as it was `read`.
   * @param until It is forgotten then.
   * @returns whether it is stored
   */
  put(
    plugin: string,
    window: FailureWindow,
    until: Instant,
    read: RecordedWindow | undefined,
  ): Promise<boolean>;
  remove(plugin: string): Promise<void>;
}
