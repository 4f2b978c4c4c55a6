import type { Definition } from '../contract/definition-content.ts';
import type { OrchestratorMessage, TaskMessage } from '../contract/messages.ts';
import type { ClientContract } from '../contract/order-request.ts';
import type { LifecycleFact } from '../core/command.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { Instant } from '../core/json.ts';
import type { OrderStatus, WakeUp, WorkflowRef } from '../core/order.ts';
import type { Plugin, Plugins } from '../core/plugin.ts';
import type { Workflow } from '../core/workflow.ts';

/** The orders' entries. Appending is the lock: of two writers of one number, one learns that it is taken. */
export interface Journal {
  /** The newest entry, read consistently; `undefined` for an order that there is not. */
  latest(orderId: string): Promise<JournalEntry | undefined>;
  /** All entries from 0 on, read consistently. */
  entries(orderId: string): Promise<readonly JournalEntry[]>;
  /** @throws {TooLargeError} when the entry is larger than what can be stored. */
  append(entry: JournalEntry): Promise<'stored' | 'taken'>;
}

/** An order as a list shows it. */
export interface OrderSummary {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly workflow: WorkflowRef;
  readonly client?: string;
  readonly acceptedAt: Instant;
  readonly endedAt?: Instant;
}

/** Which orders to list. */
export interface OrderQuery {
  readonly status?: OrderStatus | undefined;
  /** A workflow's name. */
  readonly workflow?: string | undefined;
  readonly client?: string | undefined;
  /** Orders a page, at most. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly next?: string | undefined;
}

/** A page may hold fewer orders than were asked for and still not be the last: that is the one without `next`. */
export interface OrderPage {
  readonly orders: readonly OrderSummary[];
  readonly next?: string;
}

/** Lists of orders, newest first. */
export interface OrderList {
  /** @throws {Problem} INVALID_REQUEST for a `next` that no page gave. */
  page(query: OrderQuery): Promise<OrderPage>;
}

/** One order that has not ended, as the sweeper sees it. */
export interface ActiveOrder {
  readonly orderId: string;
  readonly wakeUpAt: Instant;
  readonly workflow: WorkflowRef;
  readonly client?: string;
  readonly acceptedAt: Instant;
}

/** The orders that have not ended, and when to look after each. */
export interface ActiveOrders {
  /** Adds the order unless it is there already: what is armed stays armed. */
  add(order: ActiveOrder): Promise<'added' | 'there'>;
  /**
   * Moves the wake-up, unless a later entry has moved it already: of two writers, the slower one may be the older.
   * An order that is not there has been removed by the newer one, and stays away.
   */
  arm(orderId: string, wakeUp: Pick<WakeUp, 'at' | 'entry'>): Promise<void>;
  remove(orderId: string): Promise<void>;
  /** All of them, page by page, in no particular order. */
  pages(): AsyncIterable<readonly ActiveOrder[]>;
}

/** The registrations. */
export interface Registry {
  /** As of a few seconds ago at most; `fresh` asks the table. */
  plugins(options?: { readonly fresh: boolean }): Promise<Plugins>;
  /** Stores the registration unless another owner holds the name; returns the owner that holds it now. */
  put(plugin: Plugin): Promise<{ readonly owner: string }>;
  /** Removes the registration if the owner holds it. */
  remove(name: string, owner: string): Promise<void>;
  /** Says of a plugin whether it is switched off; nothing of one that there is not. */
  setSwitchedOff(name: string, switchedOff: boolean): Promise<void>;
  /** Says of a plugin that it retires, until it is registered again. @returns whether the owner has such a plugin. */
  setDraining(name: string, owner: string): Promise<boolean>;
}

/** Immutable workflow versions by name. */
export interface Workflows {
  /** `undefined` for a version that there is not. */
  get(ref: WorkflowRef): Promise<Workflow | undefined>;
  latest(name: string): Promise<Workflow | undefined>;
  /** A new version, unless the latest one says the same. */
  put(definition: Definition): Promise<{ readonly workflow: Workflow; readonly created: boolean }>;
  /** The latest version of each, by name; anonymous ones left out. */
  list(): Promise<readonly Workflow[]>;
}

/** Clients' contracts. */
export interface Clients {
  get(clientId: string): Promise<ClientContract | undefined>;
  put(clientId: string, contract: ClientContract): Promise<void>;
}

/** One thing to send, and the order on whose behalf. */
export type Parcel = { readonly orderId: string } & (
  | { readonly to: 'plugin'; readonly queueUrl: string; readonly message: TaskMessage }
  | {
      readonly to: 'broadcast';
      readonly plugins: readonly string[];
      readonly message: TaskMessage;
    }
  | {
      readonly to: 'orchestrator';
      readonly delaySeconds: number;
      readonly message: OrchestratorMessage;
    }
  | { readonly to: 'lifecycle'; readonly fact: LifecycleFact }
);

/** Sends parcels in as few calls as their destinations and sizes allow. */
export interface Courier {
  /** The orders whose parcels could not all be sent, each with the reason. */
  send(parcels: readonly Parcel[]): Promise<ReadonlyMap<string, Error>>;
}

/** The clock; milliseconds since 1970. */
export type Clock = () => Instant;

/** All that the engine reaches out to. */
export interface Ports {
  readonly journal: Journal;
  readonly activeOrders: ActiveOrders;
  readonly registry: Registry;
  readonly workflows: Workflows;
  readonly courier: Courier;
  readonly clock: Clock;
  /** A plugin's subscription counts as settled when it is this old; a younger plugin is written to directly. Seconds. */
  readonly subscriptionSettlesSeconds: number;
}
