/**
 * What differs between a plugin's block and its function about undoing; nothing if both or neither undoes. A plugin that could undo its work
 * and is never asked to, or is asked to and cannot, is to be noticed before an order depends on it.
 */
export function compensationFault(declared: boolean, defined: boolean): string | undefined {
  if (declared === defined) return undefined;
  return declared
    ? 'its block says `compensates: true`, but definePlugin was given no `compensate`'
    : 'definePlugin was given `compensate`, but its block does not say `compensates: true`';
}
