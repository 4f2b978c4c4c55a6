import { describe, expect, it } from '@jest/globals';
import { addPluginResources, type Service } from '../../infra/plugin-resources/index.ts';

function serviceWith(baton: object = {}, lambda: object = {}): Service {
  return {
    service: 'films',
    provider: { timeout: 6 },
    functions: {
      transcode: {
        handler: 'handler.transcode',
        events: [],
        baton: { runs: 'container', ...baton },
        ...lambda,
      },
      thumb: { handler: 'handler.thumb', baton: {} },
    },
  };
}

function added(service = serviceWith()) {
  addPluginResources(service, { name: 'baton', stage: 'test' });
  return { service, resources: service.resources?.Resources ?? {} };
}

describe('a block that says `runs: container`', () => {
  it('leaves the function to others, and with it mapping, environment and log', () => {
    const { service, resources } = added();
    expect(Object.keys(service.functions)).toEqual(['thumb']);
    const ids = Object.keys(resources).filter((id) => id.startsWith('Transcode'));
    expect(ids.map((id) => `${id} ${resources[id]?.Type}`)).toEqual([
      'TranscodeQueue AWS::SQS::Queue',
      'TranscodeDeadLetterQueue AWS::SQS::Queue',
      'TranscodeQueuePolicy AWS::SQS::QueuePolicy',
      'TranscodeSubscription AWS::SNS::Subscription',
      'TranscodeBurial AWS::Lambda::EventSourceMapping',
      'TranscodeRole AWS::IAM::Role',
      'TranscodeRegistration Custom::BatonPlugin',
      'TranscodeWorkerSettings AWS::SSM::Parameter',
      'TranscodeDrain Custom::BatonDrain',
      'TranscodeDeadLetterAlarm AWS::CloudWatch::Alarm',
      'TranscodeDepthAlarm AWS::CloudWatch::Alarm',
      'TranscodeAgeAlarm AWS::CloudWatch::Alarm',
    ]);
    expect(JSON.stringify(resources.TranscodeRole)).not.toContain('logs:');
  });

  it('registers the plugin as one without a function', () => {
    const { TranscodeRegistration } = added(serviceWith({ timeoutSeconds: 43_200 })).resources;
    const definition = JSON.parse(String(TranscodeRegistration?.Properties.Definition));
    expect(definition).toMatchObject({ name: 'transcode', runs: 'container' });
    expect(definition).not.toHaveProperty('functionName');
  });

  it('hides a task for a minute at a time, which a worker renews', () => {
    const { TranscodeQueue } = added(serviceWith({ timeoutSeconds: 20_000 })).resources;
    expect(TranscodeQueue?.Properties.VisibilityTimeout).toBe(60);
  });

  it('has settings that hold all that the SDK asks for', () => {
    const { TranscodeWorkerSettings } = added(serviceWith({ compensates: true })).resources;
    const { Value, ...about } = TranscodeWorkerSettings!.Properties as {
      Value: { 'Fn::Sub': string };
    };
    expect(about).toMatchObject({ Type: 'String', Name: '/baton/baton/test/workers/transcode' });
    expect(JSON.parse(Value['Fn::Sub'])).toEqual({
      BATON_PLUGIN: 'transcode',
      BATON_PLUGIN_KEY: `\${TranscodeRegistration.Key}`,
      BATON_ORCHESTRATOR_QUEUE_URL: `\${CoreOrchestratorQueueUrl}`,
      BATON_QUEUE_URL: `\${TranscodeQueue}`,
      BATON_API_URL: `\${CoreApiUrl}`,
      BATON_BUCKET_NAME: `\${CoreBucketName}`,
      AWS_REGION: `\${AWS::Region}`,
      BATON_COMPENSATES: 'true',
    });
  });

  it('goes once it has drained: until then, role and settings are there', () => {
    const { TranscodeDrain } = added().resources;
    expect(TranscodeDrain?.DependsOn).toEqual(['TranscodeRole', 'TranscodeWorkerSettings']);
  });

  it('lets tasks of ECS and pods of EKS in this account take the role, and nobody else', () => {
    const { TranscodeRole, ThumbRole } = added().resources;
    expect(TranscodeRole?.Properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Principal: { Service: ['ecs-tasks.amazonaws.com', 'pods.eks.amazonaws.com'] },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    });
    const policies = (role: typeof ThumbRole) => JSON.stringify(role?.Properties.Policies);
    const ofFunction = JSON.parse(policies(ThumbRole).replaceAll('Thumb', 'Transcode'));
    ofFunction[0].PolicyDocument.Statement.shift();
    expect(JSON.parse(policies(TranscodeRole))).toEqual(ofFunction);
  });

  it('says what whoever deploys the containers needs', () => {
    const { service } = added();
    expect(service.resources?.Outputs).toMatchObject({
      TranscodeWorkerSettings: { Value: { Ref: 'TranscodeWorkerSettings' } },
      TranscodeWorkerRole: { Value: { 'Fn::GetAtt': ['TranscodeRole', 'Arn'] } },
      TranscodeWorkerQueue: { Value: { Ref: 'TranscodeQueue' } },
    });
  });

  it('rings for age when even a task of full length must have waited', () => {
    const { TranscodeAgeAlarm } = added(serviceWith({ timeoutSeconds: 7200 })).resources;
    expect(TranscodeAgeAlarm?.Properties.Threshold).toBe(7260);
  });

  it.each([
    [{ concurrency: 4 }, {}, 'baton.concurrency: means nothing with runs: container'],
    [{ batchSize: 1 }, {}, 'baton.batchSize: means nothing with runs: container'],
    [
      { batchingWindowSeconds: 1 },
      {},
      'baton.batchingWindowSeconds: means nothing with runs: container',
    ],
    [{ switchOffAfterIdle: '1h' }, {}, 'baton.switchOffAfterIdle: means nothing'],
    [{ timeoutSeconds: 43_201 }, {}, 'baton.timeoutSeconds: at most 43200'],
    [{}, { timeout: 30 }, 'timeout: means nothing with baton.runs: container'],
    [{}, { environment: { A: '1' } }, 'environment: means nothing'],
    [{}, { events: [{ schedule: 'rate(1 day)' }] }, 'events: means nothing'],
    [{ runs: 'lambda' }, {}, 'baton.runs'],
  ])('refuses %j with %j', (baton, lambda, message) => {
    expect(() => added(serviceWith(baton, lambda))).toThrow(message);
  });
});
