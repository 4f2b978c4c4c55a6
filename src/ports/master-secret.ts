/** What the plugins' keys are derived from. It is the same for every instance, for as long as the table lives. */
export interface MasterSecret {
  read(): Promise<string>;
}
