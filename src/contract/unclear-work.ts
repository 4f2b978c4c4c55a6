interface Work {
  readonly workflow?: unknown;
  readonly todo?: unknown;
  readonly client?: unknown;
}

/** Refuses an order that does not say what is to be done, or says it twice; `refuse` gets the field and the reason. */
export function refuseUnclearWork(
  { workflow, todo, client }: Work,
  refuse: (path: string, message: string) => void,
): void {
  if (workflow !== undefined && todo !== undefined) {
    refuse('todo', 'an order has a workflow or a todo, not both');
  }
  if (workflow === undefined && todo === undefined && client === undefined) {
    refuse('workflow', 'an order names a workflow, a todo, or a client with a contract');
  }
}
