/** An event source mapping: it feeds a plugin's function from the plugin's queue. */
export interface Mapping {
  readonly id: string;
  readonly enabled: boolean;
  /** Instances at once, 2 to 1000; `undefined` for a mapping without a limit of its own. */
  readonly maximumConcurrency: number | undefined;
}

/** `later`: nothing was changed, since the mapping is in the middle of another change. */
export type Changed = 'done' | 'later';

/**
 * The plugins' event source mappings. Lambda takes 15 such calls a second, those of the whole account together.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export interface Mappings {
  /** `undefined` for a queue without a mapping. */
  of(queueArn: string): Promise<Mapping | undefined>;
  setMaximumConcurrency(id: string, maximumConcurrency: number): Promise<Changed>;
  /** A disabled mapping takes nothing from its queue; the messages wait. */
  setEnabled(id: string, enabled: boolean): Promise<Changed>;
}
