/** The secret that the plugins' keys are derived from. It is the same for every instance, as long as the table exists. */
export interface MasterSecret {
  read(): Promise<string>;
}
