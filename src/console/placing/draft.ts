/** What an order runs: a workflow by name, a list of plugins, or what is agreed with the client whose token it is. */
export type Kind = 'contract' | 'workflow' | 'todo';

/** What the form holds, as it was typed. */
export interface Draft {
  readonly kind: Kind;
  readonly workflow: string;
  readonly todo: string;
  /** JSON. */
  readonly input: string;
  /** One a line. */
  readonly attributes: string;
}

/** Before anybody has chosen what the order runs. */
export type Begun = Omit<Draft, 'kind'> & { readonly kind?: Kind };

export const BLANK: Begun = { workflow: '', todo: '', input: '', attributes: '' };
