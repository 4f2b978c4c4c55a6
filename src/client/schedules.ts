import { defined } from '../core/defined.ts';
import { type CallOptions, items, json, post, put, read, remove } from './calls.ts';
import type { Connection } from './connection.ts';
import type { NewSchedule, Schedule, ScheduleSummary } from './messages.ts';
import * as paths from './paths.ts';

/** `baton.schedules`: orders that are placed by the clock, to the minute. */
export class Schedules {
  readonly #connection: Connection;

  /** Made by `Baton`. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Stores a schedule, or replaces the one of this name, which keeps its runs and stays paused if it was.
   *
   * @example
   * import { Baton } from 'batonflow/client';
   *
   * const baton = new Baton({ url: 'http://localhost:3000' });
   * const { nextRuns } = await baton.schedules.put('nightly', {
   *   cron: '0 2 * * *',
   *   timeZone: 'Europe/Berlin',
   *   todo: ['A', 'B'],
   *   input: 5,
   * });
   */
  async put(name: string, schedule: NewSchedule, options: CallOptions = {}): Promise<Schedule> {
    return put(this.#connection, paths.schedule(name), json(schedule, 'schedule'), options);
  }

  /** With its latest runs and the next ones. @throws {RefusedError} NOT_FOUND */
  async get(name: string, options: CallOptions = {}): Promise<Schedule> {
    return read(this.#connection, paths.schedule(name), options);
  }

  /** All of them, by name. */
  list(options: CallOptions = {}): AsyncGenerator<ScheduleSummary, void> {
    return items(this.#connection, '/schedules', 'schedules', options);
  }

  /** Places no orders until it is resumed. */
  async pause(name: string, options: CallOptions & { readonly reason?: string } = {}) {
    return this.#act(name, 'pause', options);
  }

  /** Goes on with the next run; those that came meanwhile do not take place. */
  async resume(name: string, options: CallOptions & { readonly reason?: string } = {}) {
    return this.#act(name, 'resume', options);
  }

  /** Deletes one; its orders go on. */
  async delete(name: string, options: CallOptions = {}): Promise<Schedule> {
    return remove(this.#connection, paths.schedule(name), options);
  }

  async #act(
    name: string,
    act: 'pause' | 'resume',
    { reason, ...options }: CallOptions & { readonly reason?: string },
  ): Promise<Schedule> {
    return post(
      this.#connection,
      paths.actOnSchedule(name, act),
      defined({ reason }),
      'act',
      options,
    );
  }
}
