/**
 * What the local stack takes from the environment it is started in. Everything else is somebody's setting for something
 * else: it would reach osls, the AWS SDKs, esbuild and the functions.
 */
import { devNull } from 'node:os';

/** Of the machine, the person and the terminal. Windows writes some of them in other letters. */
const KEPT = new Set([
  ...['APPDATA', 'COMSPEC', 'HOMEDRIVE', 'HOMEPATH', 'LOCALAPPDATA', 'PATHEXT', 'PROGRAMDATA'],
  ...['SYSTEMDRIVE', 'SYSTEMROOT', 'TEMP', 'TMP', 'USERNAME', 'USERPROFILE', 'WINDIR'],
  ...['CI', 'COLORTERM', 'FORCE_COLOR', 'NO_COLOR', 'TERM'],
  ...['HOME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'LOGNAME', 'PATH', 'SHELL', 'TMPDIR', 'USER'],
]);

/** The documented way to other AWS services than the embedded ones: docs/local.md. */
const ENDPOINTS = ['', '_SQS', '_SNS', '_S3', '_DYNAMODB'].map((of) => `AWS_ENDPOINT_URL${of}`);

/** Who calls those services, and where they are; meaningless without them. */
const FOR_GIVEN_ENDPOINTS = new Set([
  ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'],
  ...['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_ACCOUNT_ID', 'AWS_REGION'],
  ...['AWS_ROLE_ARN', 'AWS_ROLE_SESSION_NAME', 'AWS_WEB_IDENTITY_TOKEN_FILE'],
  'NODE_EXTRA_CA_CERTS',
]);

/** What is set whatever the machine says; Lambda, too, has UTC. */
const ALWAYS = { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false', TZ: 'UTC' };

/** No configuration, no credentials of the person, no question to the metadata service of a cloud machine. */
const WITHOUT_ENDPOINTS = {
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** The environment as it was; only `${env:…}` of a service's serverless.yml may ask for it. */
let machine: NodeJS.ProcessEnv | undefined;

/** The part of an environment that the local stack lives in. */
export function ownEnvironment(given: NodeJS.ProcessEnv): Record<string, string> {
  const usesGiven = ENDPOINTS.some((name) => given[name]);
  const keeps = (name: string) =>
    KEPT.has(name.toUpperCase()) ||
    (usesGiven && (ENDPOINTS.includes(name) || FOR_GIVEN_ENDPOINTS.has(name)));
  const kept = Object.entries(given).filter(([name, value]) => value && keeps(name));
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    ...(!usesGiven && WITHOUT_ENDPOINTS),
    ...ALWAYS,
  };
}

/** Leaves in this process's environment what `ownEnvironment` says. */
export function isolateEnvironment(): void {
  machine = { ...process.env };
  const own = ownEnvironment(machine);
  for (const name of Object.keys(process.env)) if (!(name in own)) delete process.env[name];
  Object.assign(process.env, own);
}

/** What `${env:NAME}` stands for: a variable of the person's, but for those by which the stack itself is set. */
export function serviceVariable(name: string): string | undefined {
  const own = process.env[name];
  return own ?? (/^(AWS|NODE|SLS)_/.test(name) ? undefined : machine?.[name]);
}
