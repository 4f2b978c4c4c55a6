/** What feeds a plugin's function from its queue. */
export interface Mapping {
  readonly id: string;
  readonly enabled: boolean;
  /** `undefined` when it has no cap of its own. */
  readonly maximumConcurrency: number | undefined;
}

/** `later`: the mapping is in the middle of another change. */
export type Changed = 'done' | 'later';

/** The plugins' event source mappings. Lambda takes 15 such calls a second, for an account's whole control plane. */
export interface Mappings {
  /** The mapping of a queue, if it has one. */
  of(queueArn: string): Promise<Mapping | undefined>;
  setMaximumConcurrency(id: string, maximumConcurrency: number): Promise<Changed>;
  setEnabled(id: string, enabled: boolean): Promise<Changed>;
}
