import type { PluginStatus, SystemStatus } from '../messages.ts';
import { durationText } from './durations.ts';
import { countText, numberText } from './numbers.ts';

/** The state of the system in one sentence. */
export function headline({ orders, bottleneck, plugins }: SystemStatus): string {
  const culprit = plugins.find(({ name }) => name === bottleneck)?.bottleneck;
  if (bottleneck !== null && culprit !== undefined) return `${bottleneck} holds the others up`;
  const heldBack = plugins.filter(({ health }) => health === 'quarantined');
  if (heldBack.length > 0) {
    const names = heldBack.map(({ name }) => name).join(', ');
    return `${names} ${heldBack.length === 1 ? 'is' : 'are'} held back`;
  }
  if (orders.stuck > 0) return `${countText(orders.stuck, 'order is', 'orders are')} stuck`;
  if (orders.active === 0) return 'All is quiet';
  const about = orders.approximate === true ? 'About ' : '';
  const going = `${about}${countText(orders.active, 'order is', 'orders are')} on the way`;
  if (!(orders.paused > 0)) return going;
  return `${going}, ${orders.pausedApproximate ? 'about ' : ''}${numberText(orders.paused)} of them paused`;
}

export interface BottleneckWords {
  readonly plugin: string;
  readonly text: string;
  readonly advice: string;
  readonly since?: string;
}

/** Which plugin limits the system, why, and when it will be over; undefined where none does. */
export function bottleneckWords({
  bottleneck,
  plugins,
}: SystemStatus): BottleneckWords | undefined {
  const plugin = plugins.find(({ name }) => name === bottleneck);
  if (plugin === undefined) return undefined;
  const cause = plugin.bottleneck;
  if (cause === undefined) {
    if ((plugin.queued ?? 0) === 0) return undefined;
    return {
      plugin: plugin.name,
      text: `${countText(plugin.queued ?? 0, 'task waits', 'tasks wait')} in its queue, more rounds of its instances than at any other plugin. No alarm rings.`,
      advice: 'Nothing needs to be done while the queue does not grow.',
    };
  }
  return {
    plugin: plugin.name,
    since: cause.since,
    text: `${causeText(cause.cause, plugin)} ${drainText(cause.timeToDrainSeconds)}`,
    advice: ADVICE[cause.cause],
  };
}

type Cause = NonNullable<PluginStatus['bottleneck']>['cause'];

function causeText(cause: Cause, { concurrency, queued }: PluginStatus): string {
  const waiting = queued === undefined ? '' : ` ${countText(queued, 'task waits', 'tasks wait')}.`;
  switch (cause) {
    case 'atCap':
      return `All of its ${numberText(concurrency.now)} instances are busy, and ${concurrency.ceiling} is the most that its author allows.${waiting}`;
    case 'failing':
      return `It fails, so its tasks come again and again.${waiting}`;
    case 'noWorker':
      return `It runs in containers, and none of them is at work.${waiting}`;
    case 'quarantined':
      return `It keeps failing and is in quarantine: it gets nothing but canaries.${waiting}`;
    case 'slow':
      return `It is slower than what comes in, and more instances would not help.${waiting}`;
    case 'switchedOff':
      return `It was switched off after a time without work, and is being switched on.${waiting}`;
  }
}

const ADVICE: Readonly<Record<Cause, string>> = {
  atCap: 'Raise its ceiling (concurrency.ceiling in its serverless.yml), or make it faster.',
  failing: 'Look at its latest failures below. Once they are mended, its queue drains by itself.',
  noWorker: 'Start its containers, or look into the log of those that ended.',
  quarantined: 'Look at its latest failures below. It reopens by itself once a canary works.',
  slow: 'Look at what it waits for: a database, another service, a lock.',
  switchedOff: 'Nothing: the first tasks wait for some seconds.',
};

function drainText(seconds: number | null): string {
  if (seconds === null) return 'Nothing gets done at present.';
  return seconds === 0
    ? 'The queue is empty again.'
    : `At this rate the queue is empty in ${durationText(seconds * 1000)}.`;
}
