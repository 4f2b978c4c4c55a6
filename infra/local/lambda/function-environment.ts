import type { DeclaredFunction, LoadedService } from '../services/load-service.ts';

/** Of the machine's own environment, functions see no more than this; what starts with AWS_ is passed on besides. */
const PASSED_ON = ['HOME', 'LANG', 'PATH', 'TMPDIR'];

/** The SDK warns of longer ones: https://docs.aws.amazon.com/sdkref/latest/guide/feature-appid.html */
const LONGEST_APP_ID = 50;

/** The environment of a function: Lambda's own variables, and the service's with all values resolved. */
export function functionEnvironment(
  service: LoadedService,
  { name, memoryMegabytes, handler }: DeclaredFunction,
  resolved: Record<string, unknown>,
  machine: NodeJS.ProcessEnv,
): Record<string, string> {
  const passedOn = Object.entries(machine).filter(
    ([variable]) => variable.startsWith('AWS_') || PASSED_ON.includes(variable),
  );
  const own = Object.entries(resolved)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([variable, value]) => [variable, String(value)]);
  return {
    ...(Object.fromEntries(passedOn) as Record<string, string>),
    _HANDLER: handler,
    AWS_DEFAULT_REGION: service.region,
    AWS_REGION: service.region,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    // the SDK says it in the user agent of each call, so that what stands between can tell whose call it is
    AWS_SDK_UA_APP_ID: name.slice(0, LONGEST_APP_ID),
    IS_OFFLINE: 'true',
    ...Object.fromEntries(own),
  };
}
