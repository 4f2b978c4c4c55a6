import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Serverless as CoreServerless } from '../../infra/core-resources/core-service.ts';
import CoreResources from '../../infra/core-resources/index.ts';
import { PluginResources, type Serverless } from '../../infra/plugin-resources/plugin-resources.ts';
import { coreSettings } from './core-settings.ts';

/** The core of system a-b in stage dev, which has the name of this stack. */
const OF_ANOTHER = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
  <StackName>a-b-dev</StackName><StackStatus>UPDATE_COMPLETE</StackStatus><CreationTime>2026-11-01T00:00:00Z</CreationTime>
  <Outputs><member><OutputKey>HttpApiId</OutputKey><OutputValue>x</OutputValue></member></Outputs>
  <Tags><member><Key>baton</Key><Value>a-b/dev</Value></member></Tags>
</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

let server: Server;
let calls = 0;

beforeEach(async () => {
  calls = 0;
  server = createServer((request, response) => {
    request.resume();
    calls += 1;
    response.end(OF_ANOTHER);
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  delete process.env.AWS_ENDPOINT_URL;
  server.closeAllConnections();
  await new Promise((done) => void server.close(done));
});

const aws = {
  naming: { getStackName: () => 'a-b-dev' },
  getStage: () => 'b-dev',
  getAwsSdkV3Config: async () => ({
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  }),
};
const tool = {
  serviceDir: '.',
  classes: { Error },
  configSchemaHandler: { defineCustomProperties() {}, defineFunctionProperties() {} },
  getProvider: () => aws,
};

// Was: only a deployment looked whose the stack is, and `remove` deleted that of another system, or of another service. Now: both do.
it.each(['before:deploy:deploy', 'before:remove:remove'])(
  "%s: a core leaves another system's stack alone",
  async (hook) => {
    const core = { ...coreSettings('b-dev', { throwAway: true }), system: 'a' };
    const service = { custom: { core } };
    const { hooks } = new CoreResources({ ...tool, service } as unknown as CoreServerless);
    await expect(hooks[hook]?.()).rejects.toThrow('belongs to a-b/dev, not to a/b-dev');
    expect(calls).toBe(1);
  },
);

it.each(['before:deploy:deploy', 'before:remove:remove'])(
  "%s: a service of plugins leaves another system's stack alone",
  async (hook) => {
    const { hooks } = new PluginResources({
      ...tool,
      service: { service: 'dev', custom: { baton: { system: 'a' } } },
      processedInput: { options: {} },
      configurationInput: {},
    } as unknown as Serverless);
    await expect(hooks[hook]?.()).rejects.toThrow('belongs to a-b/dev, not to a/b-dev');
    expect(calls).toBe(1);
  },
);
