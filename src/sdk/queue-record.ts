import type { Delivered } from '../contract/redelivery.ts';

/** What the SDK uses of a record of the plugin's queue, as Lambda hands it over. */
export type QueueRecord = Delivered & { readonly receiptHandle: string; readonly body: string };
