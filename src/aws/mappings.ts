import type { LambdaClient } from '@aws-sdk/client-lambda';
import {
  ListEventSourceMappingsCommand,
  ResourceConflictException,
  ResourceInUseException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';

/** What feeds a plugin's function from its queue. */
export interface Mapping {
  readonly id: string;
  readonly enabled: boolean;
  /** `undefined` when it has no cap of its own. */
  readonly maximumConcurrency: number | undefined;
}

/** `later`: the mapping is in the middle of another change. */
export type Changed = 'done' | 'later';

/** The plugins' event source mappings. Lambda takes 15 such calls a second, for an account's whole control plane. */
export interface Mappings {
  /** The mapping of a queue, if it has one. */
  of(queueArn: string): Promise<Mapping | undefined>;
  setMaximumConcurrency(id: string, maximumConcurrency: number): Promise<Changed>;
  setEnabled(id: string, enabled: boolean): Promise<Changed>;
}

/** States in which a mapping takes no messages, or soon will not. */
const OFF = new Set(['Disabled', 'Disabling', 'Deleting']);

export function createMappings(lambda: LambdaClient): Mappings {
  return {
    async of(queueArn) {
      const command = new ListEventSourceMappingsCommand({ EventSourceArn: queueArn });
      const { EventSourceMappings: [mapping] = [] } = await lambda.send(command);
      if (mapping?.UUID === undefined) return undefined;
      return {
        id: mapping.UUID,
        enabled: !OFF.has(mapping.State ?? ''),
        maximumConcurrency: mapping.ScalingConfig?.MaximumConcurrency,
      };
    },

    setMaximumConcurrency(id, MaximumConcurrency) {
      return update({ UUID: id, ScalingConfig: { MaximumConcurrency } });
    },

    setEnabled(id, Enabled) {
      return update({ UUID: id, Enabled });
    },
  };

  async function update(
    change: ConstructorParameters<typeof UpdateEventSourceMappingCommand>[0],
  ): Promise<Changed> {
    try {
      await lambda.send(new UpdateEventSourceMappingCommand(change));
      return 'done';
    } catch (error) {
      const isChanging =
        error instanceof ResourceInUseException || error instanceof ResourceConflictException;
      if (isChanging) return 'later';
      throw error;
    }
  }
}
