import type { Invitation, TaskMessage } from '../contract/messages.ts';
import type {
  AwaitEvent,
  Command,
  DispatchTask,
  OrderFact,
  SetTimer,
  TendChild,
} from '../core/command.ts';
import { defined } from '../core/defined.ts';
import type { Instant } from '../core/json.ts';
import type { Trace } from '../core/order.ts';
import type { Plugins } from '../core/plugin.ts';
import type { History, Job } from '../core/task-records.ts';
import type { Todo } from '../core/workflow.ts';
import type { OutgoingMessage } from '../ports/messenger.ts';
import { placeInLine, sessionOf } from './place-in-line.ts';

/**
 * Raw delivery from SNS to SQS drops a message with more attributes; each invited plugin is one.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
 */
const MAX_INVITED = 10;

/** What SNS takes is 256 KiB, attributes included; SQS takes 1 MiB. @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MAX_BROADCAST_BYTES = 250 * 1024;

/** What is larger lies in the bucket, once for all of them, and what is broadcast says where. */
const MAX_DIRECT_BYTES = 1024 * 1024;

/** The longest delay of an SQS message; what is due later is left to the sweeper. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html */
const MAX_DELAY_SECONDS = 900;

export interface RoutingContext {
  readonly plugins: Plugins;
  readonly outline: Todo;
  /** When the order was accepted. */
  readonly acceptedAt: Instant;
  /** Whose order it is, if it is a client's. */
  readonly client?: string;
  /** The order's latest entry, which the message of its only open task carries. */
  readonly sealed?: string;
  /** The order's history as of the given entry. */
  readonly historyUpTo: (entry: number) => History;
  /** What a job that is undone took and gave, as of the given entry. */
  readonly undoneJob: (entry: number, job: string) => Job | undefined;
  /** What of a trace goes along with the task, or with a fact about the order. */
  readonly traceOf: (task?: Pick<DispatchTask, 'taskId' | 'attempt'>) => Trace | undefined;
  readonly now: Instant;
  readonly subscriptionSettlesSeconds: number;
}

/**
 * How each command travels. Tasks of a parallel stage that get the same message are broadcast once; a retry, a set of one, an ordered
 * plugin, one that gets more or other than the rest, a message too large for SNS but not for SQS, and a subscription that may not have
 * settled yet, go straight to the plugin's queue.
 */
export function messagesFor(
  commands: readonly Command[],
  context: RoutingContext,
): OutgoingMessage[] {
  const [performed, tasks] = partition(commands);
  const shared = tasks.filter((task) => isShareable(task, tasks, context));
  const direct = tasks.filter((task) => !shared.includes(task));
  return [
    ...inTens(shared).flatMap((group) => broadcast(group, context)),
    ...direct.flatMap((task) => toPlugin(task, context)),
    ...tasks.flatMap((task) => awaited(task, context)),
    ...performed.map(toChild),
    ...commands.flatMap((command) => messageForOther(command, context)),
  ];
}

/** The tasks that child orders perform, and those of plugins. */
function partition(commands: readonly Command[]) {
  const tasks = commands.filter((command) => command.type === 'DispatchTask');
  const isOfChild = (task: DispatchTask): task is TaskOfChild => task.child !== undefined;
  return [tasks.filter(isOfChild), tasks.filter((task) => !isOfChild(task))] as const;
}

type TaskOfChild = DispatchTask & { readonly child: string };

/** Whoever takes the message finds in the parent's journal what the child is to do. */
function toChild({ orderId, child }: TaskOfChild): OutgoingMessage {
  return tending({ orderId, parent: orderId, child });
}

function tending({ orderId, parent, child, calledOff }: Omit<TendChild, 'type'>): OutgoingMessage {
  const body = { type: 'ChildDue', orderId: parent, child, ...defined({ calledOff }) } as const;
  return { to: 'orchestrator', orderId, delaySeconds: 0, body };
}

function isShareable(
  task: DispatchTask,
  all: readonly DispatchTask[],
  { plugins, now, subscriptionSettlesSeconds }: RoutingContext,
): boolean {
  const plugin = plugins.get(task.plugin);
  if (plugin === undefined || task.stage !== 'parallel') return false;
  // A standard topic feeds no FIFO queue: https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topics.html
  if (plugin.ordered !== undefined) return false;
  if (task.attempt > 1 || task.ownInput || task.history) return false;
  if (all.filter((one) => one.plugin === task.plugin).length > 1) return false;
  return now - plugin.registeredAt >= subscriptionSettlesSeconds * 1000;
}

function broadcast(tasks: readonly DispatchTask[], context: RoutingContext): OutgoingMessage[] {
  const [first] = tasks as readonly [DispatchTask, ...DispatchTask[]];
  if (tasks.length === 1) return toPlugin(first, context);
  const message = messageOf(tasks, context);
  const bytes = Buffer.byteLength(JSON.stringify(message));
  if (bytes > MAX_BROADCAST_BYTES && bytes <= MAX_DIRECT_BYTES) {
    return tasks.flatMap((task) => toPlugin(task, context));
  }
  const plugins = tasks.map(({ plugin }) => plugin);
  const { orderId } = first;
  const { client } = context;
  return [{ to: 'broadcast', orderId, plugins, body: message, ...defined({ client }) }];
}

/** A plugin that has been removed since the decision gets nothing: the attempt's deadline takes care of the task. */
function toPlugin(task: DispatchTask, context: RoutingContext): OutgoingMessage[] {
  const plugin = context.plugins.get(task.plugin);
  if (plugin === undefined) return [];
  const { orderId } = task;
  const { queueUrl } = plugin;
  const body = messageOf([task], context);
  const about = defined({ client: context.client, place: placeInLine(task, plugin) });
  return [{ to: 'plugin', orderId, queueUrl, body, ...about }];
}

/** Whoever hears it enables the plugin's event source mapping: the engine itself calls Lambda for no task. */
function awaited(
  { orderId, plugin }: DispatchTask,
  { plugins }: RoutingContext,
): OutgoingMessage[] {
  if (plugins.get(plugin)?.switchedOff !== true) return [];
  return [{ to: 'lifecycle', orderId, body: { type: 'plugin.awaited', plugin } }];
}

/** The messages of many orders, with each plugin that is awaited called once. */
export function callingOnce(messages: readonly OutgoingMessage[]): readonly OutgoingMessage[] {
  const called = new Set<string>();
  return messages.filter((outgoing) => {
    if (outgoing.to !== 'lifecycle' || outgoing.body.type !== 'plugin.awaited') return true;
    const { plugin } = outgoing.body;
    return !called.has(plugin) && called.add(plugin);
  });
}

function messageOf(tasks: readonly DispatchTask[], context: RoutingContext): TaskMessage {
  const [first] = tasks as readonly [DispatchTask, ...DispatchTask[]];
  const { orderId, workflow, attributes, done, history, entry, caught } = first;
  return {
    ...{ orderId, workflow: workflow.name, attributes, tasks: context.outline, done },
    ...contentOf(first, context),
    ...defined({ caught }),
    invited: Object.fromEntries(
      tasks.map(({ plugin, taskId, job, attempt, deadlineAt, heartbeatSeconds }) => [
        plugin,
        {
          ...{ taskId, job: first.compensates?.job ?? job, attempt, deadlineAt },
          ...defined({ heartbeatSeconds, sealed: context.sealed }),
          ...transactionOf({ orderId, attributes, taskId, plugin }, context),
          ...context.traceOf({ taskId, attempt }),
        },
      ]),
    ),
    ...(history && { history: context.historyUpTo(entry) }),
  };
}

/**
 * What a stateful plugin knows its task by: the session, and a name that is the same in all attempts of the task, and no other's. An order's
 * id is free again when its journal is gone, so the name says when the order was accepted.
 */
function transactionOf(
  task: Pick<DispatchTask, 'orderId' | 'attributes' | 'taskId' | 'plugin'>,
  { plugins, acceptedAt }: RoutingContext,
): Pick<Invitation, 'sessionId' | 'transactionId'> {
  const sessionId = sessionOf(task, plugins.get(task.plugin) ?? {});
  if (sessionId === undefined) return {};
  const { orderId, taskId } = task;
  return { sessionId, transactionId: `${orderId}/${acceptedAt.toString(36)}/${taskId}` };
}

/** What the task gets. One that undoes a job gets what that job got and gave: its order's state holds neither. */
export function contentOf(
  { input, compensates, entry }: DispatchTask,
  { undoneJob }: Pick<RoutingContext, 'undoneJob'>,
): Pick<TaskMessage, 'input' | 'compensate'> {
  if (compensates === undefined) return { input };
  const { job, ending } = compensates;
  const undone = undoneJob(entry, job);
  return { input: undone?.input ?? null, compensate: { result: undone?.result ?? null, ending } };
}

function messageForOther(command: Command, context: RoutingContext): OutgoingMessage[] {
  switch (command.type) {
    case 'PublishLifecycle':
      return [toLifecycle({ ...command.fact, ...context.traceOf() })];
    case 'SetTimer':
      return timer(command, context);
    case 'TendChild':
      return [tending(command)];
    case 'AwaitEvent':
      return [awaiting(command)];
    case 'ListParked':
    case 'AwaitTurn':
    case 'ArmDeadline':
    case 'DispatchTask':
    case 'DisarmDeadline':
      return [];
  }
}

function awaiting({ orderId, taskId, attempt }: AwaitEvent): OutgoingMessage {
  const body = { type: 'EventDue', orderId, taskId, attempt } as const;
  return { to: 'orchestrator', orderId, delaySeconds: 0, body };
}

function toLifecycle(fact: OrderFact): OutgoingMessage {
  return { to: 'lifecycle', orderId: fact.orderId, body: fact };
}

function timer({ orderId, at }: SetTimer, { now }: RoutingContext): OutgoingMessage[] {
  const delaySeconds = Math.max(0, Math.ceil((at - now) / 1000));
  if (delaySeconds > MAX_DELAY_SECONDS) return [];
  const body = { type: 'DeadlinePassed', orderId, at } as const;
  return [{ to: 'orchestrator', orderId, delaySeconds, body }];
}

function inTens(tasks: readonly DispatchTask[]): readonly (readonly DispatchTask[])[] {
  const count = Math.ceil(tasks.length / MAX_INVITED);
  return Array.from({ length: count }, (_, index) =>
    tasks.slice(index * MAX_INVITED, (index + 1) * MAX_INVITED),
  );
}
