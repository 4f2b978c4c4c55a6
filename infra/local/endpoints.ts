/** Which AWS endpoints are given by the environment, and which the embedded services stand in for. */

const SERVICES = ['SQS', 'SNS', 'S3', 'DYNAMODB'] as const;
type Service = (typeof SERVICES)[number];

export type Endpoints = Record<Service, string>;

export interface GivenEndpoints {
  given: Partial<Endpoints>;
  /** SQS, SNS or S3 has to be embedded. */
  needsAws: boolean;
  needsDynamodb: boolean;
}

/** Reads AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_<SERVICE>, as the AWS SDKs do. */
export function givenEndpoints(environment: NodeJS.ProcessEnv): GivenEndpoints {
  const given: Partial<Endpoints> = {};
  for (const service of SERVICES) {
    const url = environment[`AWS_ENDPOINT_URL_${service}`] || environment.AWS_ENDPOINT_URL;
    if (url) given[service] = url;
  }
  return {
    given,
    needsAws: !(given.SQS && given.SNS && given.S3),
    needsDynamodb: !given.DYNAMODB,
  };
}

/** The environment that points every SDK client at `endpoints`; serverless functions get all that starts with AWS_. */
export function sdkEnvironment(
  endpoints: Endpoints,
  region: string,
  accountId: string,
): Record<string, string> {
  return {
    ...Object.fromEntries(
      Object.entries(endpoints).map(([service, url]) => [`AWS_ENDPOINT_URL_${service}`, url]),
    ),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCOUNT_ID: accountId,
  };
}

/** The credentials of the environment are there for endpoints that are given; any will do if there are none. */
export function useCredentials(environment: NodeJS.ProcessEnv): void {
  if (environment.AWS_PROFILE || environment.AWS_WEB_IDENTITY_TOKEN_FILE) return;
  environment.AWS_ACCESS_KEY_ID ??= 'local';
  environment.AWS_SECRET_ACCESS_KEY ??= 'local';
}
