/**
 * Where the API has what an id or a name stands for. The client, the command and the console take these addresses from here:
 * `import * as paths`.
 */
export const order = (orderId: string): string => `/orders/${part(orderId)}`;

/** @param name `cancel`, `pause`, `resume`, `retry` or `skip` */
export const act = (orderId: string, name: string): string => `${order(orderId)}/${name}`;

export const cancelOfTask = (orderId: string, job: string): string =>
  `${order(orderId)}/tasks/${part(job)}/cancel`;

export const eventsOfOrder = (orderId: string): string => `${order(orderId)}/events`;

/** @param version the latest by default */
export function workflow(name: string, version?: number): string {
  const latest = `/workflows/${part(name)}`;
  return version === undefined ? latest : `${latest}/versions/${version}`;
}

export const versions = (name: string): string => `${workflow(name)}/versions`;

export const plan = (name: string): string => `${workflow(name)}/plan`;

export const check = (name: string): string => `${workflow(name)}?validate=true`;

/** @param below `history`, `quarantine`, `drain` or `reopen` */
export const plugin = (name: string, below: string): string => `/plugins/${part(name)}/${below}`;

export const operation = (operationId: string): string => `/operations/${part(operationId)}`;

export const stopOfOperation = (operationId: string): string => `${operation(operationId)}/stop`;

export const client = (clientId: string): string => `/clients/${part(clientId)}`;

export const tokens = (clientId: string): string => `${client(clientId)}/tokens`;

export const token = (clientId: string, prefix: string): string =>
  `${tokens(clientId)}/${part(prefix)}`;

export const schedule = (name: string): string => `/schedules/${part(name)}`;

/** @param wish `pause` or `resume` */
export const actOnSchedule = (name: string, wish: string): string => `${schedule(name)}/${wish}`;

export const deadLetter = (id: string): string => `/dead-letters/${part(id)}`;

export const redrive = (id: string): string => `${deadLetter(id)}/redrive`;

/** @param answer `complete`, `fail` or `heartbeat` */
export const answerOfTask = (taskToken: string, answer: string): string =>
  `/tasks/${part(taskToken)}/${answer}`;

/** Half of a surrogate pair has no encoded form and stays as it is: the request is refused for it before it is sent. */
function part(name: string): string {
  try {
    return encodeURIComponent(name);
  } catch {
    return name;
  }
}
