/**
 * The parts of Kubernetes' and KEDA's schemas that examples/container/kubernetes.yml uses, and no others: an unknown field is a mistake there,
 * where the schemas themselves would let it pass.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/
 * @see https://github.com/kedacore/keda/blob/main/config/crd/bases/keda.sh_scaledobjects.yaml
 * @see https://github.com/kedacore/keda/blob/main/config/crd/bases/keda.sh_triggerauthentications.yaml
 * @see https://keda.sh/docs/latest/scalers/aws-sqs/
 */
const text = { type: 'string', minLength: 1 } as const;
const count = { type: 'integer', minimum: 0 } as const;
const labels = { type: 'object', additionalProperties: text } as const;

function record<const Properties extends object>(
  properties: Properties,
  required: readonly (keyof Properties)[] = Object.keys(properties) as (keyof Properties)[],
) {
  return { type: 'object', properties, required, additionalProperties: false } as const;
}

const list = (items: object) => ({ type: 'array', items, minItems: 1 }) as const;
const named = record({ name: text });

const object = (apiVersion: string, kind: string, spec: object) =>
  record({ apiVersion: { const: apiVersion }, kind: { const: kind }, metadata: named, spec });

const container = record({
  name: text,
  image: text,
  args: list(text),
  envFrom: list(record({ secretRef: named })),
  resources: record({ requests: labels, limits: labels }),
  securityContext: record({
    allowPrivilegeEscalation: { type: 'boolean' },
    runAsNonRoot: { type: 'boolean' },
    runAsUser: count,
  }),
});

const pod = record({
  serviceAccountName: text,
  terminationGracePeriodSeconds: count,
  containers: list(container),
});

export const SERVICE_ACCOUNT = record({
  apiVersion: { const: 'v1' },
  kind: { const: 'ServiceAccount' },
  metadata: named,
});

export const DEPLOYMENT = object(
  'apps/v1',
  'Deployment',
  record({
    selector: record({ matchLabels: labels }),
    template: record({ metadata: record({ labels }), spec: pod }),
  }),
);

export const TRIGGER_AUTHENTICATION = object(
  'keda.sh/v1alpha1',
  'TriggerAuthentication',
  record({ podIdentity: record({ provider: { enum: ['aws', 'azure-workload', 'gcp', 'none'] } }) }),
);

export const SCALED_OBJECT = object(
  'keda.sh/v1alpha1',
  'ScaledObject',
  record({
    scaleTargetRef: named,
    minReplicaCount: count,
    maxReplicaCount: count,
    cooldownPeriod: count,
    triggers: list(
      record({
        type: { const: 'aws-sqs-queue' },
        authenticationRef: named,
        metadata: record(
          {
            queueURL: text,
            awsRegion: text,
            queueLength: { type: 'string', pattern: '^[0-9]+$' },
            scaleOnInFlight: { enum: ['true', 'false'] },
          },
          ['queueURL', 'awsRegion'],
        ),
      }),
    ),
  }),
);
