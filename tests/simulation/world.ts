import type { ApiRequest } from '../../src/app/http/api-request.ts';
import { logger } from '../../src/app/logger.ts';
import { makeOperate } from '../../src/app/operations/operate-records.ts';
import { makeBury } from '../../src/app/orders/bury-records.ts';
import { makeOrchestrate } from '../../src/app/orders/orchestrate-records.ts';
import { countStuck, stuckOrders } from '../../src/app/orders/stuck-orders.ts';
import { showTask } from '../../src/app/orders/task-api.ts';
import { holdNewcomer } from '../../src/app/quarantine/hold-newcomer.ts';
import { ordersIn } from '../../src/aws/active-order-items.ts';
import { createActiveOrders } from '../../src/aws/active-orders.ts';
import { createBoundedPlugins } from '../../src/aws/bounded-plugins.ts';
import { createJournal } from '../../src/aws/journal.ts';
import { createParkedOrders } from '../../src/aws/parked-orders.ts';
import { createQuarantines } from '../../src/aws/quarantines.ts';
import { createRedelivery } from '../../src/aws/redelivery.ts';
import { createRegistry } from '../../src/aws/registry.ts';
import type { Item } from '../../src/aws/table.ts';
import { createWorkflows } from '../../src/aws/workflows.ts';
import { createPayloads } from '../../src/contract/payloads.ts';
import type { OrderFact } from '../../src/core/command.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Instant } from '../../src/core/json.ts';
import { hasEnded } from '../../src/core/order.ts';
import { SETTLES_AFTER_MS } from '../../src/core/quarantine.ts';
import { tasksOf } from '../../src/core/task-records.ts';
import { looksAtAll } from '../../src/engine/tending-turns.ts';
import { NO_ENTRY } from '../../src/engine/wish.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { BrokenJournalError } from '../../src/ports/journal.ts';
import type { Operation } from '../../src/ports/operations.ts';
import type { Standing } from '../../src/sdk/ask-standing.ts';
import { callsOf } from './aws-calls.ts';
import { BulkOperators } from './bulk-operators.ts';
import { type BulkRecord, BulkRecords } from './bulk-records.ts';
import { Clients } from './clients.ts';
import type { SentEvent } from './event-senders.ts';
import { EventSenders } from './event-senders.ts';
import type { Handler } from './functions.ts';
import { EventSourceMapping } from './functions.ts';
import { START } from './instants.ts';
import { Ledger } from './ledger.ts';
import { Lines } from './lines.ts';
import { MemoryBucket, payloadsOf } from './memory-bucket.ts';
import { MemoryTable } from './memory-table.ts';
import { Operators } from './operators.ts';
import { outagesOf } from './outages.ts';
import type { HeldByHand } from './plugin-operators.ts';
import { PluginOperators } from './plugin-operators.ts';
import { MASTER_SECRET, pluginHandler } from './plugins.ts';
import type { Ground } from './processes.ts';
import { Process } from './processes.ts';
import { Queue } from './queues.ts';
import type { Behaviour, Scenario } from './scenario.ts';
import { chanceFrom, seedFor } from './seed.ts';
import { Sessions } from './sessions.ts';
import { Shares } from './shares.ts';
import { Sweeper } from './sweeper.ts';
import type { System } from './system.ts';
import { enginePortsOf, operationPortsOf, tableFromOutside } from './system.ts';
import { tableOf } from './table-of-process.ts';
import { contentOf, contentOfEntry, shortName } from './telling.ts';
import type { FunctionSettings, PluginSettings } from './templates.ts';
import { coreSettings, SYSTEM } from './templates.ts';
import type { Deferral, Taken } from './token-holders.ts';
import { TokenHolders } from './token-holders.ts';
import type { Subscription } from './topics.ts';
import { Topics } from './topics.ts';
import { Trace } from './trace.ts';
import type { Violation, ViolationKind } from './violations.ts';
import { VirtualClock } from './virtual-clock.ts';
import type { Weather } from './weather.ts';
import { WEATHERS } from './weather.ts';

/** What can be seen of a world after all has come to rest. */
export interface Aftermath {
  readonly scenario: Scenario;
  readonly weather: Weather;
  /** By order: all of its entries. */
  readonly journals: ReadonlyMap<string, readonly JournalEntry[]>;
  readonly facts: readonly OrderFact[];
  /** Acts for many orders. */
  readonly operations: readonly BulkRecord[];
  readonly ledger: Ledger;
  /** When people held plugins back. */
  readonly heldByHand: readonly HeldByHand[];
  /** Completions that the API has taken from whoever holds a task's token. */
  readonly callbacks: readonly Taken[];
  /** Events that the API has taken, as far as their senders know; one that was sent twice stands there twice. */
  readonly events: readonly SentEvent[];
  /** Orders whose clients asked for their cancellation. */
  readonly cancelled: ReadonlySet<string>;
  readonly hash: string;
  /** What was found while it ran. */
  readonly violations: readonly Violation[];
  readonly steps: number;
  /** At how many places a process might have died. */
  readonly places: number;
  /** The processes that came to them, by the name of their function. */
  readonly processes: ReadonlySet<string>;
  readonly lastedMs: number;
}

/** Whom people hold back. */
function heldPlugins({ theme, plugins }: Scenario): readonly string[] {
  const all = plugins.map(({ definition }) => definition);
  return all.filter(({ stateful }) => theme !== 'ordered' || stateful).map(({ name }) => name);
}

/** The sort key of an order's first entry. */
const FIRST_ENTRY = 'e#000000';

const CORE = coreSettings();

/** The SDK waits no longer for an answer of the API. */
const ASKING_MS = 2000;

/** The account's concurrency leaves room for so many. */
const MOST_ORCHESTRATORS = 6;

/**
 * Whoever is still due after so many sweeps, while nothing else happens, will be due for ever. An order over which sweeps have
 * died is tried again once an hour.
 */
const VAIN_SWEEPS = 600;

/** A world in which more happens for each order never comes to rest. */
const STEPS_PER_ORDER = 60_000;

/** A task of an ordered plugin that ends its process each time holds its line for as many deliveries as all attempts may take. */
const STEPS_PER_ORDER_IN_LINE = 150_000;

/** Runs the scenario's orders through the real system until nothing is left to happen. */
export async function runWorld(
  scenario: Scenario,
  weather: Weather,
  tell?: (line: string) => void,
): Promise<Aftermath> {
  logger.setLogLevel('SILENT');
  // Real code that draws lots (which shard to sweep first) has to draw the same ones again.
  const { random } = Math;
  Math.random = chanceFrom(seedFor(scenario.seed, 'Math.random')).fraction;
  try {
    return await new World(scenario, weather, tell).run();
  } finally {
    Math.random = random;
  }
}

class World {
  readonly #scenario: Scenario;
  readonly #weather: Weather;
  readonly #ground: Ground;
  readonly #trace: Trace;
  readonly #clock = new VirtualClock(START);
  readonly #ledger = new Ledger();
  readonly #table: MemoryTable;
  readonly #queues: Queue[] = [];
  readonly #lines = new Lines();
  readonly #sessions = new Sessions();
  readonly #mappings: EventSourceMapping[] = [];
  readonly #orchestratorDead: Queue;
  readonly #operationsDead: Queue;
  readonly #system: System;
  readonly #sweeper: Sweeper;
  readonly #clients: Clients;
  readonly #operators: Operators;
  readonly #bulkOperators: BulkOperators | undefined;
  readonly #pluginOperators: PluginOperators | undefined;
  readonly #heldByHand: HeldByHand[] = [];
  readonly #holders: TokenHolders;
  readonly #senders: EventSenders;
  readonly #bulkRecords = new BulkRecords((operation, orderIds, from) =>
    this.#actsOn(operation, orderIds, from),
  );
  readonly #facts: OrderFact[] = [];
  readonly #journals = new Map<string, readonly JournalEntry[]>();
  readonly #placed = new Set<string>();
  readonly #violations: Violation[] = [];
  readonly #shares: Shares;

  constructor(scenario: Scenario, weather: Weather, tell: ((line: string) => void) | undefined) {
    this.#scenario = scenario;
    this.#weather = weather;
    this.#trace = new Trace(START, tell);
    this.#shares = new Shares(scenario, START, (orderId, text) =>
      this.#complain('too many of a client', text, orderId),
    );
    const chance = chanceFrom(seedFor(scenario.seed, 'world'));
    const clock = this.#clock;
    const isOut = outagesOf(clock, chanceFrom(seedFor(scenario.seed, 'outages')), weather.outages);
    const places = { passed: 0, of: new Set<string>() };
    this.#ground = { clock, chance, weather, trace: this.#trace, isOut, places };
    this.#table = new MemoryTable(clock, chance, weather.stale, (item) => this.#see(item));
    this.#orchestratorDead = this.#queue(CORE.orchestratorDeadLetterQueue);
    const orchestratorQueue = this.#queue(CORE.orchestratorQueue, this.#orchestratorDead);
    this.#operationsDead = this.#queue(CORE.operationsDeadLetterQueue);
    const operationsQueue = this.#queue(CORE.operationsQueue, this.#operationsDead);
    const subscriptions: Subscription[] = [];
    const pluginQueues = scenario.plugins.map((settings) => {
      const dead = this.#queue(settings.deadLetterQueue);
      const queue = this.#queue(settings.queue, dead);
      const since = this.#registeredAt();
      const { filterPolicy } = settings;
      if (filterPolicy !== undefined) subscriptions.push({ queue, filterPolicy, since });
      return { settings, queue, dead };
    });
    const topics = new Topics(this.#ground, subscriptions, (fact) => {
      if ('orderId' in fact) this.#facts.push(fact);
    });
    const queues = new Map(this.#queues.map((queue) => [queue.url, queue]));
    this.#system = {
      table: this.#table,
      bucket: new MemoryBucket(),
      network: { queues, topics, chance, partial: weather.partial },
      orchestratorQueueUrl: orchestratorQueue.url,
      operationsQueueUrl: operationsQueue.url,
      subscriptionSettlesSeconds: CORE.subscriptionSettlesSeconds,
      retentionDays: scenario.retentionDays,
      onAppend: (entry) => this.#checkJson(entry),
      // The next sweep after that wakes it.
      onSetAside: (orderId, until) =>
        this.#ledger.orderHeldUp(orderId, clock.now(), until + CORE.sweepEveryMs),
    };
    this.#deployCore(orchestratorQueue, operationsQueue);
    for (const { settings, queue, dead } of pluginQueues) this.#deployPlugin(settings, queue, dead);
    const sweeps = { everyMs: CORE.sweepEveryMs, timeoutMs: CORE.sweepTimeoutMs };
    this.#sweeper = new Sweeper(this.#ground, this.#system, sweeps, this.#ledger);
    this.#clients = new Clients({
      ...{ ground: this.#ground, system: this.#system, scenario, ledger: this.#ledger },
      isTidy: (orderId) => this.#journals.has(orderId) && !this.#isActive(orderId),
      complain: (kind, orderId, text) => this.#complain(kind, text, orderId),
    });
    this.#holders = new TokenHolders({
      ...{ ground: this.#ground, system: this.#system, ledger: this.#ledger },
      chance: chanceFrom(seedFor(scenario.seed, 'token holders')),
      masterSecret: MASTER_SECRET,
      complain: (kind, orderId, text) => this.#complain(kind, text, orderId),
    });
    const senders = {
      ...{ ground: this.#ground, system: this.#system, ledger: this.#ledger },
      chance: chanceFrom(seedFor(scenario.seed, 'event senders')),
      orderIds: scenario.requests.flat().map(({ orderId }) => orderId),
    };
    this.#senders = new EventSenders(senders, scenario.events);
    const orderIds = scenario.isOperated
      ? scenario.requests.flat().map(({ orderId }) => orderId)
      : [];
    const operators = {
      ...{ ground: this.#ground, system: this.#system, ledger: this.#ledger },
      chance: chanceFrom(seedFor(scenario.seed, 'operators')),
      skipping: chanceFrom(seedFor(scenario.seed, 'skipping')),
      stateOf: async (orderId: string) => (await this.#journal().latest(orderId))?.state,
      stuckNow: () => this.#stuckNow(),
      cancelsTasks: scenario.cancelsTasks,
      pausesChildren: scenario.theme === 'children',
      retryingChildren:
        scenario.theme === 'children'
          ? chanceFrom(seedFor(scenario.seed, 'retrying children'))
          : undefined,
      meddling:
        scenario.theme === 'children' ? chanceFrom(seedFor(scenario.seed, 'meddling')) : undefined,
      complain: (kind: ViolationKind, orderId: string, text: string) =>
        this.#complain(kind, text, orderId),
      onCancel: (orderId: string) => this.#clients.cancelled.add(orderId),
    };
    this.#operators = new Operators(operators, orderIds);
    this.#bulkOperators = scenario.isOperated
      ? new BulkOperators({
          ...{ ground: this.#ground, system: this.#system },
          chance: chanceFrom(seedFor(scenario.seed, 'bulk operators')),
          allHaveEnded: () => this.#bulkRecords.allHaveEnded,
          onPaused: () => this.#operators.resumeAll([...this.#placed]),
        })
      : undefined;
    this.#pluginOperators =
      scenario.theme === 'quarantine' || scenario.theme === 'ordered'
        ? new PluginOperators(
            {
              ...{ ground: this.#ground, system: this.#system },
              chance: chanceFrom(seedFor(scenario.seed, 'plugin operators')),
              onHeld: (held) => this.#heldByHand.push(held),
            },
            heldPlugins(scenario),
            scenario.theme === 'ordered' ? ['drain'] : undefined,
          )
        : undefined;
  }

  async run(): Promise<Aftermath> {
    await this.#prepare();
    let isOver = false;
    let vainSweeps = 0;
    const tick = async () => {
      const { wakeUpAt, count } = await this.#activeOrders();
      const now = this.#clock.now();
      vainSweeps = this.#isIdle() && wakeUpAt <= now ? vainSweeps + 1 : 0;
      if (this.#isIdle() && (count === 0 || vainSweeps > VAIN_SWEEPS)) {
        isOver = true;
        await this.#lookRound();
        return;
      }
      if (wakeUpAt <= now + 2000) this.#sweeper.start();
      // A sweep that has nothing to wake is left out: until the next one that has, nothing comes of it.
      const soonest = Math.min(wakeUpAt, this.#clock.next() ?? wakeUpAt);
      const after = Math.max(now + CORE.sweepEveryMs, Math.min(soonest, wakeUpAt));
      const minutes = Math.ceil((after - START) / CORE.sweepEveryMs);
      this.#clock.at(START + minutes * CORE.sweepEveryMs, () => void tick());
    };
    this.#clock.at(START + CORE.sweepEveryMs, () => void tick());
    const orders = this.#scenario.requests.flat().length;
    const isInLine = this.#scenario.theme === 'ordered';
    const limit = 200_000 + orders * (isInLine ? STEPS_PER_ORDER_IN_LINE : STEPS_PER_ORDER);
    while (!isOver) {
      if (this.#clock.happened > limit) {
        this.#complain('restless', `after ${limit} steps there is still something to happen`);
        break;
      }
      await this.#clock.step();
    }
    return {
      ...{ scenario: this.#scenario, weather: this.#weather, ledger: this.#ledger },
      ...{ journals: this.#journals, facts: this.#facts, violations: this.#violations },
      operations: [...this.#bulkRecords.records.values()],
      cancelled: this.#clients.cancelled,
      heldByHand: this.#heldByHand,
      callbacks: this.#holders.taken,
      events: this.#senders.sent,
      hash: this.#trace.hash,
      steps: this.#clock.happened,
      places: this.#ground.places.passed,
      processes: this.#ground.places.of,
      lastedMs: this.#clock.now() - START,
    };
  }

  /** What is there before the first order comes. */
  async #prepare(): Promise<void> {
    const table = tableFromOutside(this.#table, () => this.#clock.now());
    const { workflow, children } = this.#scenario;
    for (const { version: _, ...definition } of [...children, workflow]) {
      await createWorkflows(table, () => this.#clock.now()).put(definition);
    }
    const registry = createRegistry(table, () => this.#clock.now());
    for (const { definition, queue } of this.#scenario.plugins) {
      const { url, arn } = this.#queues.find(
        ({ settings }) => settings.name === queue.name,
      ) as Queue;
      const where = { owner: 'stack', queueUrl: url, queueArn: arn };
      const plugin = { ...definition, ...where, registeredAt: this.#registeredAt() };
      if (definition.tasksPerClient !== undefined)
        await createBoundedPlugins(table).add(definition.name);
      const by = { stackId: 'stack/1', logicalId: definition.name, requestId: 'r', sentAt: START };
      await holdNewcomer(plugin, {
        quarantines: createQuarantines(table),
        clock: () => this.#clock.now(),
      });
      await registry.put(plugin, by);
    }
    for (const { plugin: name, tasksPerClient, afterMs } of this.#scenario.registrations) {
      const sentAt = START + afterMs;
      this.#clock.at(sentAt, async () => {
        const known = await registry.find(name);
        if (known === undefined) return;
        const { tasksPerClient: _, ...rest } = known;
        const plugin = { ...rest, ...(tasksPerClient !== undefined && { tasksPerClient }) };
        await registry.put(plugin, { stackId: 'stack/1', logicalId: name, requestId: 'u', sentAt });
      });
    }
  }

  #registeredAt(): Instant {
    return this.#scenario.isSettled ? START - 86_400_000 : START - 60_000;
  }

  /**
   * Whether an attempt of the task, an order's job, is over for the queue: it ended its process each time, or its deadline passed while it waited
   * in its line. The next one is sent anew.
   */
  #wasGivenUpByQueue(task: string): boolean {
    const [orderId = '', job] = task.split(' ');
    const journal = this.#journals.get(orderId) ?? [];
    const taskId = tasksOf(journal).find((one) => one.job === job)?.taskId;
    return journal
      .flatMap(({ events }) => events)
      .some(
        (event) =>
          (event.type === 'TaskDeadLettered' || event.type === 'TaskExpired') &&
          event.taskId === taskId,
      );
  }

  #queue(settings: Queue['settings'], dead?: Queue): Queue {
    const { clock, chance } = this.#ground;
    const onGone = (queue: Queue, body: string, dueAt: Instant) =>
      this.#ledger.messageGone(queue, body, dueAt, clock.now());
    const onSent = ({ settings: { name } }: Queue, id: string, body: string, dueAt: Instant) =>
      this.#trace.note(clock.now(), `→ ${shortName(name)}`, () => {
        const delay =
          dueAt > clock.now() ? ` in ${Math.round((dueAt - clock.now()) / 1000)} s` : '';
        return `${id.split('/')[1]}: ${contentOf(body)}${delay}`;
      });
    const ground = { clock, chance, weather: this.#weather, onGone, onSent };
    const queue = new Queue(settings, ground, dead);
    this.#queues.push(queue);
    return queue;
  }

  #deployCore(queue: Queue, operationsQueue: Queue): void {
    this.#map(
      'orchestrate',
      queue,
      {
        ...CORE.orchestrate,
        windowMs: this.#scenario.windowSeconds * 1000,
        mostInstances: MOST_ORCHESTRATORS,
      },
      (process) => {
        const ports = this.#enginePorts(process);
        const masterSecret = { read: async () => ({ current: MASTER_SECRET }) };
        const handle = makeOrchestrate({
          ...ports,
          metrics: { publish: () => undefined },
          redelivery: createRedelivery(callsOf(process, this.#system.network).sqs),
          masterSecret,
          payloads: payloadsOf(process, this.#system.bucket),
        });
        return async (records) => handle({ Records: [...records] }, {} as never);
      },
    );
    // A page that comes before the one before it is counted has to come again.
    const mayFail = () => undefined;
    this.#map(
      'operate',
      operationsQueue,
      CORE.operate,
      (process) => {
        const handle = makeOperate({
          ...this.#enginePorts(process),
          ...operationPortsOf(process, this.#system),
          redelivery: createRedelivery(callsOf(process, this.#system.network).sqs),
        });
        return async (records) => handle({ Records: [...records] }, {} as never);
      },
      mayFail,
    );
  }

  #deployPlugin(settings: PluginSettings, queue: Queue, dead: Queue): void {
    const { definition } = settings;
    const behaviour = this.#scenario.behaviours[definition.name] as Behaviour;
    const { seed } = this.#scenario;
    const { orchestratorQueueUrl, network, bucket } = this.#system;
    const onContradiction = (orderId: string, attempt: string) =>
      this.#complain('two tasks in one', attempt, orderId);
    const onOutOfLine = (orderId: string, text: string) =>
      this.#complain('out of line', text, orderId);
    const onPerformedAgain = (orderId: string, attempt: string) => {
      // A core that waits for its batches is behind with its messages, and still takes what has failed for open.
      const isPrompt = this.#weather === WEATHERS.calm && this.#scenario.windowSeconds === 0;
      if (isPrompt) this.#complain('performed again', attempt, orderId);
    };
    const onWrongSession = (orderId: string, text: string) =>
      this.#complain('session', text, orderId);
    const world = {
      ...{
        lines: this.#lines,
        onOutOfLine,
        onPerformedAgain,
        sessions: this.#sessions,
        onWrongSession,
      },
      settings,
      behaviour,
      seed,
      ledger: this.#ledger,
      orchestratorQueueUrl,
      onContradiction,
      queueUrl: queue.url,
      bucket,
      startedAt: START,
      onDeferred: (deferral: Deferral) => this.#holders.take(deferral),
      askStanding: (process: Process, token: string) => this.#askStanding(process, token),
    };
    this.#map(definition.name, queue, settings.perform, (process) =>
      pluginHandler(process, callsOf(process, network).sqs, world),
    );
    const burial = { ...settings.bury, timeoutMs: CORE.buryTimeoutMs };
    this.#map(`bury-${definition.name}`, dead, burial, (process) => {
      const ports = this.#enginePorts(process);
      const prefix = `${SYSTEM.name}-${SYSTEM.stage}`;
      const redelivery = createRedelivery(callsOf(process, network).sqs);
      const metrics = { publish: () => undefined };
      const handle = makeBury({ ...ports, metrics, redelivery, prefix });
      return async (records) => handle({ Records: [...records] }, {} as never);
    });
  }

  /** One call of the API, in a process of its own. Its answer comes to whoever asks, if that one is still there. */
  #askStanding(asking: Process, token: string): Promise<Standing> {
    const api = new Process('tasks-api', this.#ground);
    const { table, bucket } = this.#system;
    const journal = createJournal(tableOf(api, table), payloadsOf(api, bucket), this.#system);
    const masterSecret = { read: async () => ({ current: MASTER_SECRET }) };
    const request = { params: { token } } as unknown as ApiRequest;
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error('no answer within two seconds'));
      const off = asking.after(ASKING_MS, late);
      const answer = (call: () => void) => {
        off();
        asking.after(0, call);
      };
      showTask(request, { journal, masterSecret }).then(
        ({ body }) => answer(() => resolve(body)),
        (error: Error) => answer(() => reject(error)),
      );
    });
  }

  #map(
    name: string,
    queue: Queue,
    settings: FunctionSettings & { readonly mostInstances: number },
    load: (process: Process) => Handler,
    onNeedlessFailure = (text: string) => this.#complain('needless failure', text),
  ): void {
    const plan = { name, queue, load, onNeedlessFailure, ...settings };
    this.#mappings.push(new EventSourceMapping(plan, this.#ground));
  }

  #enginePorts(process: Process) {
    return enginePortsOf(process, this.#system);
  }

  /** Whether it stands among the active orders. An act that is under way puts it there for as long as it takes: that does not count. */
  #isActive(orderId: string): boolean {
    return this.#table
      .partitions('active#')
      .flatMap((pk) => [...this.#table.itemsOf(pk)].flatMap(ordersIn))
      .some((active) => active.orderId === orderId && active.wakeUp.entry !== NO_ENTRY);
  }

  async #activeOrders() {
    let wakeUpAt = Infinity;
    let count = 0;
    for await (const page of createActiveOrders(
      tableFromOutside(this.#table, () => this.#clock.now()),
    ).due(Infinity)) {
      count += page.length;
      for (const { wakeUp, setAsideUntil = 0 } of page)
        wakeUpAt = Math.min(wakeUpAt, Math.max(wakeUp.at, setAsideUntil));
    }
    const others = [await this.#quarantinesDueAt(), await this.#turnsDueAt()];
    return { wakeUpAt: Math.min(wakeUpAt, ...others), count: count + (await this.#turnsLeft()) };
  }

  /** Clients of whom something is left where turns are counted, when nothing else happens any more. */
  async #turnsLeft(): Promise<number> {
    if (!this.#shares.isCounted || !this.#isIdle()) return 0;
    const kept = ['waiting#', 'turns#'].flatMap((prefix) => this.#table.partitions(prefix));
    return kept.flatMap((pk) => [...this.#table.itemsOf(pk)]).length;
  }

  /** When the sweep has something to do for those who wait for a turn, or for turns that nobody has given back. */
  async #turnsDueAt(): Promise<Instant> {
    if (!this.#shares.isCounted) return Infinity;
    const now = this.#clock.now();
    const items = this.#table.partitions('turns#').flatMap((pk) => [...this.#table.itemsOf(pk)]);
    if (items.some(({ waiting }) => waiting !== undefined)) return now;
    if (items.length === 0 && (await this.#turnsLeft()) === 0) return Infinity;
    let minute = Math.ceil(now / 60_000);
    while (!looksAtAll(minute * 60_000)) minute += 1;
    return minute * 60_000;
  }

  /** When the sweep has something to do for a plugin in quarantine. */
  async #quarantinesDueAt(): Promise<Instant> {
    const table = tableFromOutside(this.#table, () => this.#clock.now());
    const parked = createParkedOrders(table);
    let dueAt = Infinity;
    for (const quarantine of await createQuarantines(table).list()) {
      const isWaited = (await parked.first(quarantine.plugin, 1)).length > 0;
      if (quarantine.phase === 'reopening') {
        const { waveAt, emptySince } = quarantine;
        const endsAt = emptySince === undefined ? waveAt : emptySince + SETTLES_AFTER_MS;
        dueAt = Math.min(dueAt, isWaited ? waveAt : endsAt);
      } else if (quarantine.phase === 'closed' && isWaited) {
        dueAt = Math.min(dueAt, quarantine.canaryAt ?? Infinity);
      }
    }
    return dueAt;
  }

  /** Nothing is under way, and nobody will begin anything but a sweep. */
  #isIdle(): boolean {
    if (this.#clients.isBusy || this.#operators.isBusy || this.#sweeper.isBusy) return false;
    if (this.#bulkOperators?.isBusy || this.#holders.isBusy) return false;
    if (this.#senders.isBusy) return false;
    if (this.#pluginOperators?.isBusy) return false;
    if (this.#mappings.some(({ busy }) => busy > 0)) return false;
    const dead = [this.#orchestratorDead, this.#operationsDead];
    return this.#queues.every((queue) => dead.includes(queue) || queue.size === 0);
  }

  /** Reads the journal of an order as soon as it has ended: later, its entries expire. */
  #see({ pk, sk, operation }: Item): void {
    if (pk === 'operations') {
      const stored = JSON.parse(String(operation)) as Operation;
      this.#bulkRecords.stored(stored, this.#clock.now());
      return;
    }
    const orderId = /^order#(.*)$/.exec(String(pk))?.[1];
    if (orderId === undefined) return;
    this.#placed.add(orderId);
    if (this.#trace.isTold) this.#clock.at(this.#clock.now(), () => void this.#tellOf(orderId));
    if (sk === FIRST_ENTRY) return;
    if (this.#shares.isCounted) {
      this.#clock.at(this.#clock.now(), () => void this.#countShares(orderId));
    }
    this.#clock.at(this.#clock.now(), () => void this.#readIfEnded(orderId));
  }

  /** What is stored has to come back as it was: an `undefined` or a NaN would not. */
  #checkJson(entry: JournalEntry): void {
    if (isJson(entry)) return;
    this.#complain('unsound entry', `entry ${entry.number} is not JSON`, entry.orderId);
  }

  /** As somebody sees it who stands outside the world. */
  #journal(): Journal {
    const table = tableFromOutside(this.#table, () => this.#clock.now());
    return createJournal(table, createPayloads(this.#system.bucket), this.#system);
  }

  async #tellOf(orderId: string): Promise<void> {
    const entry = await this.#journal().latest(orderId);
    if (entry === undefined) return;
    this.#trace.note(this.#clock.now(), 'journal', () => contentOfEntry(entry));
  }

  async #countShares(orderId: string): Promise<void> {
    const latest = await this.#journal().latest(orderId);
    if (latest !== undefined) this.#shares.see(latest.state, this.#clock.now());
  }

  async #readIfEnded(orderId: string): Promise<void> {
    const latest = await this.#journal().latest(orderId);
    if (latest === undefined) return;
    if (hasEnded(latest.state)) await this.#readJournal(orderId);
    // It had failed, and goes on.
    else this.#journals.delete(orderId);
  }

  async #readJournal(orderId: string): Promise<void> {
    try {
      this.#journals.set(orderId, await this.#journal().entries(orderId));
    } catch (error) {
      if (!(error instanceof BrokenJournalError)) throw error;
      this.#complain('unsound entry', error.message, orderId);
    }
  }

  /** An operation begins to act on the orders, or has ended. Whatever befalls its processes in between holds them up. */
  #actsOn({ act }: Operation, orderIds: readonly string[], from: Instant): void {
    for (const orderId of orderIds) {
      if (act.action === 'cancel') this.#clients.cancelled.add(orderId);
      this.#ledger.orderHeldUp(orderId, from, this.#clock.now());
    }
  }

  async #stuckNow(): Promise<ReadonlySet<string>> {
    const { orders } = await stuckOrders({ limit: 10_000 }, this.#stuckPorts());
    return new Set(orders.map(({ orderId }) => orderId));
  }

  #stuckPorts() {
    const clock = () => this.#clock.now();
    const activeOrders = createActiveOrders(tableFromOutside(this.#table, clock));
    return { activeOrders, journal: this.#journal(), clock };
  }

  /** What is left when nothing happens any more. */
  async #lookRound(): Promise<void> {
    for await (const page of createActiveOrders(
      tableFromOutside(this.#table, () => this.#clock.now()),
    ).due(Infinity)) {
      for (const { orderId } of page) {
        const text = 'it is still among the active orders, and nothing happens any more';
        this.#complain('stuck', text, orderId);
      }
    }
    for (const orderId of this.#placed) {
      if (this.#journals.has(orderId)) continue;
      await this.#readJournal(orderId);
      const last = this.#journals.get(orderId)?.at(-1)?.state;
      this.#complain('stuck', `it is ${last?.status}, and nobody looks after it`, orderId);
    }
    for (const pk of [...this.#table.partitions('turns#'), ...this.#table.partitions('waiting#')]) {
      for (const { sk } of this.#table.itemsOf(pk)) {
        this.#complain('too many of a client', `of ${pk} ${sk} something is left`);
      }
    }
    const { size } = this.#orchestratorDead;
    if (size > 0) this.#complain('dead letter', `${size} messages of the orchestrator`);
    // Where nothing goes wrong outside the plugins, even one that fails keeps its place; not one that has to wait for its turn.
    const keepsPlaces = this.#weather === WEATHERS.calm && !this.#shares.isCounted;
    for (const task of keepsPlaces ? this.#lines.overtaken() : []) {
      if (this.#wasGivenUpByQueue(task)) continue;
      this.#complain('out of line', `${task} was overtaken`);
    }
    const pages = this.#operationsDead.size;
    if (pages > 0) this.#complain('dead letter', `${pages} pages of operations`);
    for (const orderId of await this.#stuckNow())
      this.#complain('stuck list', 'it is listed as stuck, and has ended', orderId);
    const stuck = await countStuck(this.#stuckPorts());
    if (stuck > 0) this.#complain('stuck list', `${stuck} count as stuck, and none is listed`);
  }

  #complain(kind: ViolationKind, text: string, orderId?: string): void {
    this.#trace.add(this.#clock.now(), 'VIOLATION', `${kind} ${orderId ?? ''} ${text}`);
    this.#violations.push({ kind, text, ...(orderId === undefined ? {} : { orderId }) });
  }
}

function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return value !== undefined;
  return Object.values(value).every(isJson);
}
