/**
 * Replaces the SDK's event streams in bundles, which are 15 KB smaller without: of what the core calls, nothing streams events. The
 * clients for S3 and Lambda name them, for operations that the core does not have.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are left out of the bundle: infra/core/no-event-streams.ts');
  }
}

export const eventStreamSerdeProvider = () => undefined;

export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;
