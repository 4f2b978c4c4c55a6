import type { Plugin, Plugins } from '../core/plugin.ts';

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

/**
 * An instance asks the table anew after this long: a plugin that was just deployed gets its first task seconds later, and an
 * instance that is busy makes a dozen queries a minute, however many orders it advances. Milliseconds.
 */
export const CACHED_MS = 5000;
