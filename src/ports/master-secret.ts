/** The secret that the plugins' keys are derived from. It is the same for every instance, as long as the table exists. */
export interface MasterSecret {
  read(): Promise<Secrets>;
}

export interface Secrets {
  /** From which plugins get their keys when they register. */
  readonly current: string;
  /** While the secret is being replaced: keys that were derived from this one are good as well. */
  readonly other?: string;
}
