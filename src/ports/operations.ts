import type { Instant, Json } from '../core/json.ts';
import type { OrderFilter } from './order-list.ts';

/** What is asked of each order. */
export type OperationAct =
  | { readonly action: 'cancel'; readonly undo?: false | undefined }
  | { readonly action: 'pause' | 'resume' }
  | { readonly action: 'retry'; readonly version?: number | 'latest' | undefined }
  | { readonly action: 'skip'; readonly task: string; readonly result?: Json | undefined };

/** What became of one order: its act stands in its journal, or why it does not. */
export type Applied = 'done' | { readonly refused: string };

/** A page of an operation. Its orders are fixed, so that whoever repeats it means the same ones. */
export interface PageUnderWay {
  readonly orderIds: readonly string[];
  /** Where in the list of orders the next page begins. Absent for the last. */
  readonly after?: string;
  /** By order: what became of those that are behind it. */
  readonly applied?: Readonly<Record<string, Applied>>;
  /** How many of the orders have been begun, from the first on. It is written down before; of the first few, it is not. */
  readonly begun?: number;
  /** The orders that it is at: whoever finds them here when the page comes again knows over which it has died. */
  readonly trying?: readonly string[];
  /** How many times in a row it has died over the one order that it is at. */
  readonly deaths?: number;
}

export type OperationStatus = 'running' | 'stopped' | 'done';

/** One act for many orders, and how far it has come. */
export interface Operation {
  readonly operationId: string;
  readonly act: OperationAct;
  readonly filter: OrderFilter;
  readonly ratePerSecond: number;
  readonly actor: string;
  readonly reason?: string;
  /** Orders that were accepted later are not meant. */
  readonly askedAt: Instant;
  /** Hash of the request: the same key with another one is a conflict. */
  readonly fingerprint: string;
  readonly status: OperationStatus;
  readonly endedAt?: Instant;
  /** How many orders matched when it was asked for, or have been found since, if those are more. */
  readonly matched: number;
  /** There were more than have been counted. */
  readonly more?: true;
  readonly done: number;
  readonly refused: number;
  /** How many orders refused, by code. */
  readonly refusals: Readonly<Record<string, number>>;
  /** How many pages are done; the next one has this number. */
  readonly page: number;
  /** Where in the list of orders the next page begins. Absent for the first. */
  readonly next?: string;
  /** The page that is being done. */
  readonly underWay?: PageUnderWay;
}

export interface Operations {
  get(operationId: string): Promise<Operation | undefined>;
  /** @returns whether it is new; one that is there stays as it is */
  add(operation: Operation): Promise<boolean>;
  /**
   * Changes the operation as it stands. Whoever changes it at the same time is not overwritten.
   * @param change is asked again for each later state; `undefined` leaves the operation as it is
   * @returns the operation afterwards; `undefined` for an unknown one
   */
  change(
    operationId: string,
    change: (operation: Operation) => Operation | undefined,
  ): Promise<Operation | undefined>;
  /** All of them, in no order. They are kept as long as an order that ended when they began. */
  list(): Promise<readonly Operation[]>;
}

/** Asks that a page of an operation be done. */
export interface OperationMessage {
  readonly operationId: string;
  readonly page: number;
}

/** The queue in which operations travel from page to page. */
export interface OperationQueue {
  /** @param delaySeconds 0 to 900 */
  send(message: OperationMessage, delaySeconds: number): Promise<void>;
}
