import { defined } from '../core/defined.ts';
import { type CallOptions, items, postOnce, readBy } from './calls.ts';
import type { Connection } from './connection.ts';
import type { HistoryFilter, Plugin, PluginHistory, QuarantineReceipt } from './messages.ts';
import * as paths from './paths.ts';

interface WithReason extends CallOptions {
  /** Why; the plugin and its orders show it. */
  readonly reason?: string;
}

/** `baton.plugins`: who is registered. */
export class Plugins {
  readonly #connection: Connection;

  /** Made by `Baton`. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The registered plugins, by name. */
  list(options: CallOptions = {}): AsyncGenerator<Plugin, void> {
    return items(this.#connection, '/plugins', 'plugins', options);
  }

  /** A plugin's queue, its instances and how many there might be, minute by minute; of an hour, the most of it. @throws {RefusedError} NOT_FOUND */
  async history(
    name: string,
    filter: HistoryFilter = {},
    options: CallOptions = {},
  ): Promise<PluginHistory> {
    return readBy(this.#connection, paths.plugin(name, 'history'), filter, options);
  }

  /** Holds a plugin back: its tasks are parked until somebody reopens it. @throws {RefusedError} NOT_FOUND */
  async quarantine(name: string, options: WithReason = {}): Promise<QuarantineReceipt> {
    return this.#act(name, 'quarantine', options);
  }

  /** Gives a plugin nothing new: it finishes what it has, and its new tasks are parked until somebody reopens it. @throws {RefusedError} NOT_FOUND */
  async drain(name: string, options: WithReason = {}): Promise<QuarantineReceipt> {
    return this.#act(name, 'drain', options);
  }

  /** Ends a quarantine, or a draining; what was parked is sent in waves. @throws {RefusedError} PLUGIN_NOT_QUARANTINED */
  async reopen(name: string, options: WithReason = {}): Promise<QuarantineReceipt> {
    return this.#act(name, 'reopen', options);
  }

  async #act(name: string, act: string, { reason, ...options }: WithReason) {
    const path = paths.plugin(name, act);
    return postOnce<QuarantineReceipt>(this.#connection, path, defined({ reason }), act, options);
  }
}
