/** A record as it was read: a write of it depends on the `version`, which grows with each change. */
export type Recorded<Known> = Known & { readonly version: number };

/** At most one record under each name. */
export interface Records<Known> {
  /** As of now. */
  list(): Promise<readonly Recorded<Known>[]>;
  /** As of now; `undefined` where there is none. */
  get(name: string): Promise<Recorded<Known> | undefined>;
  /** Replaces the record if it is still as it was `read`; with `undefined`, if there is still none. @returns whether it is stored */
  put(record: Known, read: Recorded<Known> | undefined): Promise<boolean>;
  /** Removes the record if it is still as it was `read`. @returns whether it is removed */
  remove(read: Recorded<Known>): Promise<boolean>;
}
