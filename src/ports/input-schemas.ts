import type { Instant, JsonObject } from '../core/json.ts';

/**
 * What plugins' inputs look like, as JSON Schemas. They are not a part of the registrations: those are read by everybody who advances
 * orders, every few seconds, and these by people who place some.
 */
export interface InputSchemas {
  /** Says what the plugin declares, or with `undefined` that it declares nothing; unless something that was sent later has said so already. */
  put(plugin: string, schema: JsonObject | undefined, sentAt: Instant): Promise<void>;
  /** By plugin name. */
  all(): Promise<ReadonlyMap<string, JsonObject>>;
}
