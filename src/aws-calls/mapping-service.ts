import { connectService, type ServiceOptions } from './aws-service.ts';
import { jsonRefusal } from './json-calls.ts';

export interface EventSourceMapping {
  readonly UUID?: string;
  readonly State?: string;
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
}

export interface MappingChange {
  readonly Enabled?: boolean;
  readonly ScalingConfig?: { readonly MaximumConcurrency: number };
}

/** Lambda, as far as event source mappings are read and changed. */
export interface MappingCalls {
  list(eventSourceArn: string): Promise<readonly EventSourceMapping[]>;
  update(id: string, change: MappingChange): Promise<void>;
}

const PATH = '/2015-03-31/event-source-mappings';

export function connectMappingService(
  options: Omit<ServiceOptions, 'name' | 'refusalIn'>,
): MappingCalls {
  const service = connectService({ ...options, name: 'lambda', refusalIn: jsonRefusal });
  return {
    async list(EventSourceArn) {
      const text = await service.send({ method: 'GET', path: PATH, query: { EventSourceArn } });
      const answer = JSON.parse(text) as {
        readonly EventSourceMappings?: readonly EventSourceMapping[];
      };
      return answer.EventSourceMappings ?? [];
    },

    async update(id, change) {
      await service.send({
        method: 'PUT',
        path: `${PATH}/${encodeURIComponent(id)}`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(change),
      });
    },
  };
}
