import type { CoreSettings } from '../../infra/core-resources/core-service.ts';

/** What `custom.core` of serverless.yml is where no parameter is given. */
export function coreSettings(
  stage: string,
  {
    given = {},
    existing = {},
    throwAway = false,
  }: {
    readonly given?: Partial<CoreSettings['given']>;
    readonly existing?: Partial<CoreSettings['existing']>;
    readonly throwAway?: boolean;
  } = {},
): CoreSettings {
  return {
    system: 'baton',
    stage,
    throwAway,
    existing: { Table: '', Bucket: '', ...existing },
    given: {
      throwAway: '',
      confirmed: '',
      abandonPlugins: '',
      permissionsBoundary: '',
      retentionDays: 30,
      objectRetentionDays: 400,
      alarmEmail: '',
      corsOrigins: '',
      orchestrateConcurrency: 100,
      orchestrateBatchingWindow: 0,
      orchestrateReserve: '',
      ingestReserve: '',
      directAnswers: 0,
      eventBus: '',
      otlpEndpoint: '',
      otlpHeaders: '',
      traceRatio: '',
      otlpLayer: '',
      otlpLayerConfig: '',
      ...given,
    },
  };
}
