import { describe, expect, it } from '@jest/globals';
import type { Home } from '../../../src/app/registration/home.ts';
import { homeOf, isAnswerAddress, isQueueOf } from '../../../src/app/registration/home.ts';
import { createRegistration, listen, STACK, STACK_ID, TOPIC } from './registration-world.ts';

const cloudformation = listen();

/** Whoever may publish to the topic of registrations can say anything. */
describe('a forged Create', () => {
  it.each([
    ['http://127.0.0.1:1/answer', 'another port of this machine'],
    ['https://attacker.example/answer', 'a host of its own'],
    [
      'https://cloudformation-custom-resource-response-euwest1.s3.eu-west-1.amazonaws.com.attacker.example/',
      'a host that begins like it',
    ],
    [
      'https://attacker.s3.eu-west-1.amazonaws.com/cloudformation-custom-resource-response-euwest1',
      'a bucket of its own',
    ],
    [
      'https://s3.eu-west-1.amazonaws.com/cloudformation-custom-resource-response-euwest1/x',
      'a path',
    ],
    [
      'https://cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com/x',
      'another region',
    ],
    [
      'http://cloudformation-custom-resource-response-euwest1.s3.eu-west-1.amazonaws.com/x',
      'no encryption',
    ],
    [
      'https://cloudformation-custom-resource-response-euwest1.s3.eu-west-1.amazonaws.com:8443/x',
      'another port',
    ],
    [
      'https://cloudformation-custom-resource-response-euwest1.s3.eu-west-1.amazonaws.com@attacker.example/x',
      'a host that stands for a user',
    ],
  ])('that wants the key sent to %s gets nothing: %s', async (ResponseURL) => {
    const { ask, registry } = createRegistration(cloudformation);
    await ask({ type: 'Create', more: { ResponseURL } });
    expect(cloudformation.heard).toEqual([]);
    expect(await registry.find('A')).toBeUndefined();
  });

  // Was: whoever has a stack in the account could have another stack's key sent to the address made for its own. Now: refused.
  it.each(['Create', 'Update'] as const)(
    "(%s) in another stack's name that wants the key sent to its own address gets nothing",
    async (type) => {
      const { ask, registry } = createRegistration(cloudformation);
      await ask({ type: 'Create' });
      const before = await registry.find('A');
      const own = encodeURIComponent(`${STACK}-of-mine/1|ARegistration|request-9`);
      const ResponseURL = `${cloudformation.origin}/${own}?signature=x`;
      const definition = '{"name": "A", "timeoutSeconds": 1}';
      expect(await ask({ type, definition, more: { ResponseURL } })).toBeUndefined();
      expect(await registry.find('A')).toEqual(before);
    },
  );

  it('is told from a true one, whose address has the id of its stack in the path', async () => {
    const { ask } = createRegistration(cloudformation);
    const key = encodeURIComponent(`${STACK_ID}|ARegistration|request-1`);
    const ResponseURL = `${cloudformation.origin}/${key}?signature=x`;
    expect(await ask({ type: 'Create', more: { ResponseURL } })).toMatchObject({
      Status: 'SUCCESS',
    });
  });

  it.each([
    ['another account', 'arn:aws:cloudformation:eu-west-1:2:stack/arithmetic-dev/1'],
    ['another region', 'arn:aws:cloudformation:us-east-1:1:stack/arithmetic-dev/1'],
    ['another partition', 'arn:aws-cn:cloudformation:eu-west-1:1:stack/arithmetic-dev/1'],
    ['nowhere', 'arithmetic-dev'],
  ])('of a stack of %s is heard by nobody', async (_, stackId) => {
    const { ask, registry } = createRegistration(cloudformation);
    await ask({ type: 'Create', stackId });
    expect(cloudformation.heard).toEqual([]);
    expect(await registry.find('A')).toBeUndefined();
  });

  it.each([
    ['of another plugin', { queueOf: 'B' }],
    ['of another name', { queueOf: 'A-of-mine' }],
  ])(
    'that redirects its tasks to the queue %s is refused, and hears which queue it is',
    async (_, asked) => {
      const { ask, registry } = createRegistration(cloudformation);
      await ask({ type: 'Create' });
      const before = await registry.find('A');
      expect(await ask({ type: 'Update', ...asked })).toMatchObject({
        Status: 'FAILED',
        Reason: expect.stringContaining(
          'plugin A has the queue baton-dev-plugin-A of this system, not arn:',
        ),
      });
      expect(await registry.find('A')).toEqual(before);
    },
  );

  it("that takes another stack's name is refused, whatever else it says", async () => {
    const { ask, registry } = createRegistration(cloudformation);
    await ask({ type: 'Create' });
    const stackId = `${STACK}-of-mine/1`;
    for (const type of ['Create', 'Update', 'Delete'] as const) {
      const answer = await ask({ type, stackId, logicalId: 'ARegistration' });
      expect(answer).not.toHaveProperty('Data.Key');
      expect((await registry.find('A'))?.owner).toBe(STACK);
    }
  });

  it.each([['no JSON'], ['{}'], ['{"RequestType": "Create"}'], ['null']])(
    'that reads %s is passed over, and the next one is answered',
    async (Message) => {
      const { ask, registry } = createRegistration(cloudformation);
      await ask({ type: 'Create', message: Message });
      expect(cloudformation.heard).toEqual([]);
      expect(await ask({ type: 'Create' })).toMatchObject({ Status: 'SUCCESS' });
      expect(await registry.find('A')).toBeDefined();
    },
  );
});

describe('CloudFormation listens', () => {
  const home = (partition: string, region: string): Home => ({
    ...{ partition, region, account: '1', prefix: 'baton-dev' },
  });

  // As they stand in requests that people have published.
  it.each([
    ['aws', 'eu-west-1', 'euwest1.s3-eu-west-1.amazonaws.com'],
    ['aws', 'us-east-1', 'useast1.s3.us-east-1.amazonaws.com'],
    ['aws', 'us-east-1', 'useast1.s3.amazonaws.com'],
    ['aws', 'eu-west-1', 'euwest1.s3.dualstack.eu-west-1.amazonaws.com'],
    ['aws-cn', 'cn-north-1', 'cnnorth1.s3.cn-north-1.amazonaws.com.cn'],
    ['aws-us-gov', 'us-gov-west-1', 'usgovwest1.s3.us-gov-west-1.amazonaws.com'],
    ['aws-eusc', 'eusc-de-east-1', 'euscdeeast1.s3.eusc-de-east-1.amazonaws.eu'],
  ])('in %s, region %s, at %s', (partition, region, host) => {
    const address = `https://cloudformation-custom-resource-response-${host}/arn%3Aaws?X-Amz-Signature=1`;
    expect(isAnswerAddress(address, home(partition, region), [])).toBe(true);
    expect(isAnswerAddress(address, home('aws', 'eu-north-1'), [])).toBe(false);
  });

  it('where the environment says that AWS is, and nowhere else on this machine', () => {
    const origins = ['http://127.0.0.1:4566'];
    expect(isAnswerAddress('http://127.0.0.1:4566/x', home('aws', 'us-east-1'), origins)).toBe(
      true,
    );
    expect(isAnswerAddress('http://127.0.0.1:4567/x', home('aws', 'us-east-1'), origins)).toBe(
      false,
    );
    expect(isAnswerAddress('http://127.0.0.1:4566/x', home('aws', 'us-east-1'), [])).toBe(false);
  });
});

describe("a plugin's queue", () => {
  const home = homeOf(TOPIC);
  const queueArn = 'arn:aws:sqs:eu-west-1:1:baton-dev-plugin-A';

  it.each([
    ['https://sqs.eu-west-1.amazonaws.com/1/baton-dev-plugin-A', true],
    ['https://eu-west-1.queue.amazonaws.com/1/baton-dev-plugin-A', true],
    ['http://sqs.eu-west-1.amazonaws.com/1/baton-dev-plugin-A', false],
    ['https://sqs.eu-west-1.attacker.example/1/baton-dev-plugin-A', false],
    ['https://sqs.eu-west-1.amazonaws.com/2/baton-dev-plugin-A', false],
    ['https://sqs.eu-west-1.amazonaws.com/1/baton-dev-plugin-AB', false],
  ])('%s: %s', (queueUrl, isIts) => {
    expect(isQueueOf({ name: 'A' }, { queueUrl, queueArn }, home, [])).toBe(isIts);
  });

  it('of an ordered plugin is FIFO, and no other is', () => {
    const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/1/baton-dev-plugin-A';
    const fifo = { queueUrl: `${queueUrl}.fifo`, queueArn: `${queueArn}.fifo` };
    const ordered = { name: 'A', ordered: 'attributes.account' };
    expect(isQueueOf(ordered, fifo, home, [])).toBe(true);
    expect(isQueueOf(ordered, { queueUrl, queueArn }, home, [])).toBe(false);
    expect(isQueueOf({ name: 'A' }, fifo, home, [])).toBe(false);
  });

  it('has a host of any name where the environment says that AWS is elsewhere', () => {
    const queueUrl = 'http://sqs.eu-west-1.localhost:4566/1/baton-dev-plugin-A';
    expect(isQueueOf({ name: 'A' }, { queueUrl, queueArn }, home, ['http://127.0.0.1:4566'])).toBe(
      true,
    );
    expect(isQueueOf({ name: 'A' }, { queueUrl, queueArn }, home, [])).toBe(false);
  });

  it('is told by the topic alone: another topic is refused', () => {
    expect(() => homeOf('arn:aws:sns:eu-west-1:1:baton-dev-lifecycle')).toThrow(
      'no topic of registrations',
    );
  });
});
