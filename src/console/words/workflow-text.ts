/** How the API calls all ad-hoc lists of plugins together. */
const ALL_LISTS = 'todo-*';

/** An ad-hoc list of plugins is stored as a workflow, under a name that is made of a hash. */
export const isListOfPlugins = (name: string): boolean => name.startsWith('todo-');

export function workflowText(name: string): string {
  if (name === ALL_LISTS) return 'lists of plugins';
  return isListOfPlugins(name) ? `list of plugins ${name.slice(5, 11)}` : name;
}

/** Activities of ad-hoc lists are numbers. */
export const activityText = (name: string): string => (/^\d+$/.test(name) ? `step ${name}` : name);
