import type { LambdaClient } from '@aws-sdk/client-lambda';
import {
  ListEventSourceMappingsCommand,
  ResourceConflictException,
  ResourceInUseException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import type { Changed, Mappings } from '../ports/mappings.ts';

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
