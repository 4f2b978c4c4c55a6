import type { ParkedOrder } from '../core/parking.ts';

/** Orders with tasks that wait for a plugin in quarantine, by plugin: whoever wakes them reads them, and need not look for them. */
export interface ParkedOrders {
  /** To put it again changes nothing. */
  put(place: ParkedOrder): Promise<void>;
  /** Removes the place if it is there. */
  remove(place: ParkedOrder): Promise<void>;
  /** So many of the plugin's, those that have waited longest first. As of now. */
  first(plugin: string, count: number): Promise<readonly ParkedOrder[]>;
  /** How many there are. Exact up to 10,000. */
  count(plugin: string): Promise<number>;
}
