import type { Delivered } from '../contract/redelivery.ts';

/** What the SDK uses of a record of the plugin's queue, as Lambda hands it over. */
export interface QueueRecord extends Delivered {
  readonly attributes: Delivered['attributes'] & {
    /** In an ordered plugin's queue: the line in which it stands. */
    readonly MessageGroupId?: string | undefined;
  };
  readonly receiptHandle: string;
  readonly body: string;
}
