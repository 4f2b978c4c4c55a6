/**
 * An ad-hoc list of plugins is stored as a workflow, too. Its name is this prefix and a hash of the list; other workflows must
 * not have such a name.
 */
const AD_HOC_PREFIX = 'todo-';

/** The name of the workflow of an ad-hoc list. @param hash of the list: the same list is the same workflow */
export function adHocName(hash: string): string {
  return AD_HOC_PREFIX + hash;
}

/** Stands for all ad-hoc workflows together where orders are counted by workflow. */
export const ALL_AD_HOC = 'todo-*';

export function isAdHoc(workflowName: string): boolean {
  return workflowName.startsWith(AD_HOC_PREFIX);
}
