/** A record as it was read: a write of it depends on the `version`. */
export type Recorded<Known> = Known & { readonly version: number };

/** What is known of single plugins: at most one record each. */
export interface PluginRecords<Known extends { readonly plugin: string }> {
  /** As of now. */
  list(): Promise<readonly Recorded<Known>[]>;
  /** As of now; `undefined` for a plugin without a record. */
  get(plugin: string): Promise<Recorded<Known> | undefined>;
  /** Replaces the record if it is still as it was `read`; with `undefined`, if there is still none. @returns whether it is stored */
  put(record: Known, read: Recorded<Known> | undefined): Promise<boolean>;
  /** Removes the record if it is still as it was `read`. @returns whether it is removed */
  remove(read: Recorded<Known>): Promise<boolean>;
}
