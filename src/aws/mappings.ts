import { ServiceError } from '../aws-calls/aws-service.ts';
import type { MappingCalls, MappingChange } from '../aws-calls/mapping-service.ts';
import type { Changed, Mappings } from '../ports/mappings.ts';

/** States in which a mapping takes no messages, or soon will not. */
const OFF = new Set(['Disabled', 'Disabling', 'Deleting']);

/** Errors that say: another change is under way. */
const CHANGING = new Set(['ResourceInUseException', 'ResourceConflictException']);

export function createMappings(lambda: MappingCalls): Mappings {
  return {
    async of(queueArn) {
      const [mapping] = await lambda.list(queueArn);
      if (mapping?.UUID === undefined) return undefined;
      return {
        id: mapping.UUID,
        enabled: !OFF.has(mapping.State ?? ''),
        maximumConcurrency: mapping.ScalingConfig?.MaximumConcurrency,
      };
    },

    setMaximumConcurrency(id, MaximumConcurrency) {
      return update(id, { ScalingConfig: { MaximumConcurrency } });
    },

    setEnabled(id, Enabled) {
      return update(id, { Enabled });
    },
  };

  async function update(id: string, change: MappingChange): Promise<Changed> {
    try {
      await lambda.update(id, change);
      return 'done';
    } catch (error) {
      if (error instanceof ServiceError && CHANGING.has(error.name)) return 'later';
      throw error;
    }
  }
}
