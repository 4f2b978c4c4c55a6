import type { AddCommand } from './command.ts';

/** By name, in the order of `baton --help`. To load all of them takes three times as long as to load one. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  submit: async () => (await import('./commands/submit.ts')).addSubmit,
  order: async () => (await import('./commands/order.ts')).addOrder,
  orders: async () => (await import('./commands/orders.ts')).addOrders,
  status: async () => (await import('./commands/status.ts')).addStatus,
  counts: async () => (await import('./commands/counts.ts')).addCounts,
  logs: async () => (await import('./commands/logs.ts')).addLogs,
  open: async () => (await import('./commands/open.ts')).addOpen,
  workflows: async () => (await import('./commands/workflows.ts')).addWorkflows,
  plugins: async () => (await import('./commands/plugins.ts')).addPlugins,
  clients: async () => (await import('./commands/clients.ts')).addClients,
  schedules: async () => (await import('./commands/schedules.ts')).addSchedules,
  whoami: async () => (await import('./commands/who-am-i.ts')).addWhoAmI,
  cancel: async () => (await import('./commands/acts.ts')).addCancel,
  pause: async () => (await import('./commands/acts.ts')).addPause,
  resume: async () => (await import('./commands/acts.ts')).addResume,
  retry: async () => (await import('./commands/acts.ts')).addRetry,
  skip: async () => (await import('./commands/acts.ts')).addSkip,
  tasks: async () => (await import('./commands/tasks.ts')).addTasks,
  operations: async () => (await import('./commands/operations.ts')).addOperations,
  'dead-letters': async () => (await import('./commands/dead-letters.ts')).addDeadLetters,
  events: async () => (await import('./commands/events.ts')).addEvents,
  new: async () => (await import('./commands/new.ts')).addNew,
  try: async () => (await import('./commands/try.ts')).addTry,
  dev: async () => (await import('./commands/dev.ts')).addDev,
  worker: async () => (await import('./commands/worker.ts')).addWorker,
  deploy: async () => (await import('./commands/deploy.ts')).addDeploy,
  remove: async () => (await import('./commands/deploy.ts')).addRemove,
};

/** What adds the command of this name; all of them, if there is none. */
export async function addersOf(name: string | undefined): Promise<readonly AddCommand[]> {
  const one = Object.entries(COMMANDS).find(([known]) => known === name);
  if (one !== undefined) return [await one[1]()];
  return Promise.all(Object.values(COMMANDS).map((load) => load()));
}
