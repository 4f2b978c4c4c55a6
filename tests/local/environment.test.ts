// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how a template in a file under test looks
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { ownEnvironment } from '../../infra/local/environment.ts';
import {
  type RunningStack,
  refusal,
  startProcess,
  type Workspace,
  workspace,
} from './running-stack.ts';
import { until } from './until.ts';

jest.setTimeout(480_000);

const ALWAYS = { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false', TZ: 'UTC' };

describe('what is taken from the environment', () => {
  it('is the machine and the terminal, and nothing of AWS', () => {
    const foreign = {
      ...{ AWS_REGION: 'eu-west-1', AWS_PROFILE: 'work', AWS_SESSION_TOKEN: 'real' },
      ...{ AWS_ENDPOINT_URL_STS: 'http://sts', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      ...{ NODE_OPTIONS: '--inspect', HTTPS_PROXY: 'http://proxy', http_proxy: 'http://proxy' },
      ...{ SLS_DEBUG: '*', SLS_PARAM_X: 'y', BATON_TABLE_NAME: 'other', TZ: 'Asia/Tokyo' },
    };
    expect(ownEnvironment({ PATH: '/bin', HOME: '/home/me', ...foreign })).toEqual({
      ...{ PATH: '/bin', HOME: '/home/me', ...ALWAYS, AWS_EC2_METADATA_DISABLED: 'true' },
      ...{ AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull },
    });
  });

  it('is who calls, too, where an endpoint is given', () => {
    const meant = {
      ...{ AWS_ENDPOINT_URL_DYNAMODB: 'http://tables', AWS_PROFILE: 'work' },
      ...{ AWS_CONFIG_FILE: '/home/me/config', AWS_REGION: 'eu-west-1' },
    };
    const foreign = { AWS_ENDPOINT_URL_STS: 'http://sts', AWS_LAMBDA_FUNCTION_NAME: 'other' };
    expect(ownEnvironment({ ...meant, ...foreign })).toEqual({ ...meant, ...ALWAYS });
  });
});

let place: Workspace;
let stacks: RunningStack[];
beforeEach(() => {
  place = workspace();
  stacks = [];
});
afterEach(async () => {
  for (const stack of stacks) await stack.signal('SIGKILL');
  place.remove();
});

async function ready(environment = {}): Promise<RunningStack> {
  const stack = startProcess(place, [], environment);
  stacks.push(stack);
  await stack.ready();
  return stack;
}

/** The environment of the plugin, as it answers it for a task. */
async function environmentOfPlugin(stack: RunningStack): Promise<Record<string, string>> {
  await stack.task('echo', { id: '1', say: 'all' });
  await until('it is back', async () => (await stack.items())['result 1']);
  return JSON.parse(String((await stack.items())['result 1']));
}

/** The plugin then answers with its environment, and by the AWS SDK, which reads that environment. */
function answerEnvironment(): void {
  writeFileSync(
    join(place.plugins, 'echo/aws.ts'),
    `import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
const sqs = new SQSClient({});
export const sendMessage = (QueueUrl: string, MessageBody: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));`,
  );
  const handler = join(place.plugins, 'echo/handler.ts');
  const text = readFileSync(handler, 'utf8');
  const said = 'const result = JSON.stringify(process.env);';
  writeFileSync(handler, text.replace('const result = `${say} (${process.env.KEY})`;', said));
}

// Was: AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true made functions look up real AWS hosts; profiles, proxies and NODE_OPTIONS worked.
// Now: the stack lives in an environment of its own making.
it('another’s settings reach neither the stack nor its functions', async () => {
  answerEnvironment();
  const preloaded = join(place.folder, 'preloaded.cjs');
  writeFileSync(preloaded, `process.env.PRELOADED = 'true';`);
  mkdirSync(join(place.folder, '.aws'));
  writeFileSync(
    join(place.folder, '.aws/config'),
    '[default]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:9\nignore_configured_endpoint_urls = true\n',
  );
  const nowhere = 'http://127.0.0.1:9';
  const foreign = {
    ...{
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      AWS_PROFILE: 'nobody',
      AWS_REGION: 'eu-west-1',
    },
    ...{ AWS_DEFAULT_REGION: 'eu-west-1', AWS_SESSION_TOKEN: 'real', AWS_ACCESS_KEY_ID: 'real' },
    ...{
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_CONFIG_FILE: '/nowhere',
      AWS_ACCOUNT_ID: '123456789012',
    },
    ...{
      AWS_ENDPOINT_URL_LAMBDA: nowhere,
      AWS_ENDPOINT_URL_STS: nowhere,
      AWS_USE_FIPS_ENDPOINT: 'true',
    },
    ...{ NODE_OPTIONS: `--require ${preloaded}`, NODE_USE_ENV_PROXY: '1' },
    ...{ HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, http_proxy: nowhere, ALL_PROXY: nowhere },
    ...{ SLS_DEBUG: '*', SLS_PARAM_SYSTEM_NAME: 'other', ESBUILD_BINARY_PATH: '/nowhere' },
    ...{ TZ: 'Asia/Tokyo', TABLE_NAME: 'other', HOME: place.folder },
  };
  const seen = await environmentOfPlugin(await ready(foreign));
  const { PATH, HOME, LANG, TMPDIR, ...own } = seen;
  expect(own).toEqual({
    ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    ...{ AWS_ACCOUNT_ID: '000000000000', AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' },
    ...{ AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull },
    ...{ AWS_EC2_METADATA_DISABLED: 'true', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false' },
    ...{ AWS_LAMBDA_FUNCTION_NAME: 'mini-local-echo', AWS_LAMBDA_FUNCTION_VERSION: '$LATEST' },
    ...{
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/mini-local-echo',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^local\//),
      AWS_SDK_UA_APP_ID: 'mini-local-echo',
    },
    ...Object.fromEntries(
      ['SQS', 'SNS', 'S3', 'DYNAMODB', 'LAMBDA', 'CLOUDWATCH'].map((service) => [
        `AWS_ENDPOINT_URL_${service}`,
        expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+/),
      ]),
    ),
    ...{ _HANDLER: 'handler.echo', IS_OFFLINE: 'true', KEY: 'key of echo' },
    RESULTS_QUEUE_URL: expect.stringContaining('mini-local-results'),
  });
  for (const [name, value] of Object.entries(own))
    expect([name, value.startsWith(nowhere)]).toEqual([name, false]);
});

it('a service’s own ${env:…} is still answered, but for what the stack itself is set by', async () => {
  answerEnvironment();
  const file = join(place.plugins, 'echo/serverless.yml');
  const asked = '      MINE: ${env:MINE}\n      PROFILE: "${env:AWS_PROFILE, \'none\'}"\n';
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('    environment:\n', `    environment:\n${asked}`));
  const seen = await environmentOfPlugin(await ready({ MINE: 'yes', AWS_PROFILE: 'work' }));
  expect(seen).toMatchObject({ MINE: 'yes', PROFILE: 'none' });
});

// Was: another AWS_REGION on existing data gave QueueDoesNotExist and a stack trace.
// Now: the region is the data's.
it('another region of the machine changes nothing for data that is there', async () => {
  const first = await ready();
  await first.signal('SIGTERM');
  const second = await ready({ AWS_REGION: 'ap-southeast-2' });
  await second.task('echo', { id: '1', say: 'hello' });
  await until('it is back', async () => (await second.items())['result 1']);
});

it('a region given with an endpoint is that of the data, or is refused', async () => {
  const aws = await startEmbeddedAws({ region: 'eu-west-1' });
  const given = {
    ...{ AWS_ENDPOINT_URL: aws.awsEndpoint, AWS_ENDPOINT_URL_DYNAMODB: aws.dynamodbEndpoint },
    ...{ AWS_ACCESS_KEY_ID: 'mine', AWS_SECRET_ACCESS_KEY: 'mine' },
  };
  try {
    answerEnvironment();
    const first = await ready({ ...given, AWS_REGION: 'eu-west-1' });
    expect(await environmentOfPlugin(first)).toMatchObject({
      ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'mine' },
      ...{ AWS_ENDPOINT_URL: aws.awsEndpoint, AWS_ENDPOINT_URL_DYNAMODB: aws.dynamodbEndpoint },
    });
    await first.signal('SIGTERM');
    const flags = ['--core', place.core, '--plugins', place.plugins, '--port', '0'];
    const data = ['--data', place.data, '--param', 'system-name=mini'];
    expect(
      await refusal(place.folder, [...flags, ...data], { ...given, AWS_REGION: 'eu-north-1' }),
    ).toMatch(/belongs to the region eu-west-1, not to eu-north-1; choose another/);
  } finally {
    await aws.stop();
  }
});
