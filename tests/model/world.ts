import type { TaskMessage } from '../../src/contract/messages.ts';
import type { OrderFact } from '../../src/core/command.ts';
import type { OrderEvent, OrderPlaced } from '../../src/core/event.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Instant } from '../../src/core/json.ts';
import { hasEnded } from '../../src/core/order.ts';
import { advanceOrders } from '../../src/engine/engine.ts';
import type { EnginePorts } from '../../src/engine/engine-ports.ts';
import { place as placeOrder } from '../../src/engine/placing.ts';
import { sweep } from '../../src/engine/sweep.ts';
import type { OutgoingMessage } from '../../src/ports/messenger.ts';
import { createMemoryActiveOrders } from '../ports/memory/active-orders.ts';
import { createMemoryJournal } from '../ports/memory/journal.ts';
import { createMemoryRegistry } from '../ports/memory/registry.ts';
import { createMemoryWorkflows } from '../ports/memory/workflows.ts';
import { chanceFrom } from './chance.ts';
import { faultyPorts } from './faulty-ports.ts';
import { createProcesses } from './processes.ts';
import type { Scenario } from './scenario.ts';
import { resultOf } from './sequential-model.ts';
import { createSimulatedClock } from './simulated-clock.ts';

/** How bad the world is. Probabilities, per step or per message. */
export interface Weather {
  readonly dies: number;
  readonly fails: number;
  readonly doubles: number;
  readonly delays: number;
  readonly loses: number;
  readonly cancels: number;
  /** Time passes although something could be done. */
  readonly dawdles: number;
  /** Sweeps neither fail nor die. */
  readonly sweepsWell?: true;
}

/** What can be seen of a world after all has come to rest. */
export interface Aftermath {
  readonly journals: ReadonlyMap<string, readonly JournalEntry[]>;
  readonly facts: readonly OrderFact[];
  /** What plugins found in their queues: the messages by order, task and attempt. */
  readonly received: ReadonlyMap<string, readonly TaskMessage[]>;
  readonly active: number;
}

interface Letter {
  readonly orderId: string;
  readonly visibleAt: Instant;
  /** For the orchestrator: what it says at the instant at which it is read. For a plugin: its task. */
  readonly content:
    | { readonly eventAt: (now: Instant) => OrderEvent }
    | { readonly plugin: string; readonly message: TaskMessage };
}

const STEP_LIMIT = 30_000;
const MINUTE = 60_000;
const MAX_PROCESSES = 4;

/** Runs the scenario's orders through the real engine until nothing is left to happen. */
export async function runWorld(scenario: Scenario, weather: Weather): Promise<Aftermath> {
  const chance = chanceFrom(scenario.seed);
  const clock = createSimulatedClock(10 ** 12);
  const processes = createProcesses(chance, weather.dies);
  const journal = createMemoryJournal();
  const activeOrders = createMemoryActiveOrders();
  const workflows = createMemoryWorkflows();
  await workflows.put(scenario.workflow);
  const letters: Letter[] = [];
  const facts: OrderFact[] = [];
  const received = new Map<string, TaskMessage[]>();
  const sound: EnginePorts = {
    journal,
    activeOrders,
    workflows,
    registry: createMemoryRegistry(scenario.plugins),
    messenger: { send: async () => new Map() },
    clock: clock.now,
    subscriptionSettlesSeconds: 900,
  };
  let nextSweep = clock.now() + MINUTE;
  let sweeping = false;

  const placings = scenario.orders.map(({ input, attributes }, index) => {
    const orderId = `o${index + 1}`;
    const { name, version } = scenario.workflow;
    const workflow = { name, version };
    const placed = { orderId, input, attributes, workflow, fingerprint: orderId };
    return { at: clock.now(), placed };
  });
  for (let steps = 0; steps < STEP_LIMIT; steps += 1) {
    const due = placings.findIndex(({ at }) => at <= clock.now());
    const visible = letters.filter(({ visibleAt }) => visibleAt <= clock.now());
    const letter = visible[chance.below(visible.length)];
    if (chance.happens(weather.dawdles)) {
      clock.advanceTo(clock.now() + chance.below(20_000));
    } else if (processes.running() > 0 && (letter === undefined || chance.happens(0.7))) {
      await processes.step();
    } else if (due >= 0) {
      for (const { placed } of placings.splice(due, 1)) place(placed);
    } else if (nextSweep <= clock.now() && !sweeping) {
      startSweep();
    } else if (letter !== undefined && 'plugin' in letter.content) {
      perform(letter, letter.content.plugin, letter.content.message);
    } else if (letter !== undefined && processes.running() < MAX_PROCESSES) {
      orchestrate(visible.filter(({ content }) => 'eventAt' in content));
    } else if (processes.running() > 0) {
      await processes.step();
    } else if (await isAtRest()) {
      return { journals: journal.all(), facts, received, active: await countActive() };
    } else {
      const instants = [
        ...letters.map(({ visibleAt }) => visibleAt),
        ...placings.map(({ at }) => at),
      ];
      clock.advanceTo(Math.min(nextSweep, ...instants.filter((at) => at > clock.now())));
    }
  }
  throw new Error(`after ${STEP_LIMIT} steps there is still something to happen`);

  function portsOf(process: Parameters<typeof faultyPorts>[3]): EnginePorts {
    return faultyPorts(sound, deliver, chance, process, weather.fails);
  }

  /** A client asks again, with the same key, until it has an answer. */
  function place(placed: Omit<OrderPlaced, 'type' | 'at'>): void {
    const again = () => {
      placings.push({ at: clock.now() + chance.below(2) * chance.below(90_000), placed });
    };
    processes.start(async (process) => {
      const event: OrderPlaced = { type: 'OrderPlaced', at: clock.now(), ...placed };
      await placeOrder(event, portsOf(process)).then(
        () => chance.happens(weather.doubles) && again(),
        again,
      );
    }, again);
    if (chance.happens(weather.cancels)) {
      post(placed.orderId, (at) => ({ type: 'CancelRequested', at }), chance.below(60_000));
    }
  }

  function startSweep(): void {
    sweeping = true;
    nextSweep = clock.now() + MINUTE;
    const over = () => {
      sweeping = false;
    };
    if (weather.sweepsWell) {
      const ports = faultyPorts(sound, deliver, chance, { pause: async () => {} }, 0);
      processes.start(
        (process) =>
          process
            .pause()
            .then(() => sweep(ports))
            .then(over),
        startSweep,
      );
      return;
    }
    processes.start((process) => sweep(portsOf(process)).then(over, over), over);
  }

  /** Up to ten letters, whichever come: their events by order. Those that fail, or are read by a process that dies, come again. */
  function orchestrate(visible: readonly Letter[]): void {
    const batch = visible.filter(() => chance.happens(0.6)).slice(0, 10);
    for (const letter of batch) {
      if (!chance.happens(weather.doubles)) letters.splice(letters.indexOf(letter), 1);
    }
    processes.start(
      async (process) => {
        const events = new Map<string, OrderEvent[]>();
        for (const { orderId, content } of batch) {
          if (!('eventAt' in content)) continue;
          events.set(orderId, [...(events.get(orderId) ?? []), content.eventAt(clock.now())]);
        }
        const { failures } = await advanceOrders(events, portsOf(process));
        letters.push(...batch.filter(({ orderId }) => failures.has(orderId)));
      },
      () => letters.push(...batch),
    );
  }

  function perform(letter: Letter, plugin: string, message: TaskMessage): void {
    if (!chance.happens(weather.doubles)) letters.splice(letters.indexOf(letter), 1);
    const { orderId, input } = message;
    const { taskId, attempt, deadlineAt } = message.invited[
      plugin
    ] as TaskMessage['invited'][string];
    const key = `${orderId}/${taskId}/${attempt}`;
    received.set(key, [...(received.get(key) ?? []), message]);
    if (chance.happens(weather.loses) || (clock.now() > deadlineAt && chance.happens(0.5))) return;
    if (chance.happens(0.2)) {
      post(orderId, (at) => ({ type: 'TaskHeartbeat', at, taskId, attempt }), chance.below(10_000));
    }
    const task = { taskId, attempt };
    const { failsFirst, failsForGood, advice } = scenario.behaviours[plugin] ?? {};
    const delayMs = chance.happens(weather.delays) ? chance.below(90_000) : 0;
    if (failsForGood || attempt <= (failsFirst ?? 0)) {
      const error = { code: 'BROKEN', message: 'it broke' };
      const how: { retry: 'policy' | 'never' } | { retry: 'later'; afterSeconds: number } =
        advice === 'never' && failsForGood
          ? { retry: 'never' }
          : advice === 'later'
            ? { retry: 'later', afterSeconds: chance.below(4) }
            : { retry: 'policy' };
      post(orderId, (at) => ({ type: 'TaskFailed', at, ...task, error, ...how }), delayMs);
    } else {
      const result = resultOf(plugin, input);
      post(orderId, (at) => ({ type: 'TaskCompleted', at, ...task, result }), delayMs);
    }
  }

  function post(orderId: string, eventAt: (now: Instant) => OrderEvent, delayMs = 0): void {
    letters.push({ orderId, visibleAt: clock.now() + delayMs, content: { eventAt } });
  }

  function deliver(outgoing: OutgoingMessage): void {
    const { orderId } = outgoing;
    switch (outgoing.to) {
      case 'lifecycle':
        if ('orderId' in outgoing.body) facts.push(outgoing.body);
        return;
      case 'plugin':
      case 'broadcast': {
        const plugins = outgoing.to === 'plugin' ? [outgoing.queueUrl] : outgoing.plugins;
        for (const plugin of plugins) {
          const content = { plugin, message: outgoing.body };
          letters.push({ orderId, visibleAt: clock.now(), content });
        }
        return;
      }
      case 'orchestrator': {
        const { body: message, delaySeconds } = outgoing;
        if (!('type' in message)) throw new Error('plugins alone send answers');
        const eventAt = (at: Instant): OrderEvent =>
          message.type === 'OrderAccepted'
            ? { type: 'OrderAccepted', at }
            : { type: 'DeadlinePassed', at, armedFor: message.at };
        post(orderId, eventAt, delaySeconds * 1000);
      }
    }
  }

  async function isAtRest(): Promise<boolean> {
    if (letters.length > 0 || placings.length > 0 || (await countActive()) > 0) return false;
    return [...journal.all().values()].every((entries) => {
      const last = entries.at(-1);
      return last !== undefined && hasEnded(last.state);
    });
  }

  async function countActive(): Promise<number> {
    let count = 0;
    for await (const page of activeOrders.pages()) count += page.length;
    return count;
  }
}
