import { Document, isMap, isScalar, visit } from 'yaml';
import type { Template } from './package-service.ts';

/** The resources of one plugin, in their order, with what a reader should know of them. */
const ABOUT: Readonly<Record<string, string>> = {
  ALogGroup:
    'The function and its log. code.zip in the bucket code-bucket holds handler.mjs, the bundle.',
  ALambdaFunction: '',
  AEventSourceMappingSQSCapitalAQueue:
    'Brings the tasks. MaximumConcurrency is what Baton raises while an alarm rings.',
  CapitalAQueue:
    "Baton knows the plugin's queue by its name. A task is hidden for six times the function's timeout.",
  CapitalADeadLetterQueue: '',
  CapitalAQueuePolicy: '',
  CapitalASubscription:
    'Stages that run in parallel are broadcast. The filter has the name of the plugin.',
  CapitalABurial: 'Dead letters become failed attempts.',
  CapitalARole: '',
  CapitalARegistration:
    'Registers the plugin once its tasks can reach it, and gets the key with which the plugin signs. Definition: the block baton:, with every default.',
  CapitalADrain: 'Goes first when the stack is removed: the plugin finishes what it has.',
  CapitalADeadLetterAlarm:
    "Baton reads the plugin's name from these names, and answers to depth and age.",
  CapitalADepthAlarm: '',
  CapitalAAgeAlarm: '',
};

const HEAD = ` What the Serverless plugin makes of plugin A of plugins/arithmetic, for the stage dev of the system baton.
 docs/other-tools.md says how to use it. A test compares the two; \`node tests/infra/write-plugin-template.ts\` writes it.`;

/** docs/plugin-template.yml, from the packaged template of plugins/arithmetic in the stage of the tests. */
export function pluginTemplate(packaged: Template): string {
  const text = JSON.stringify(packaged)
    .replaceAll('baton-test', 'baton-dev')
    .replaceAll('baton/test', 'baton/dev');
  const { Parameters, Resources } = JSON.parse(text) as Template;
  const ofPlugin = Object.keys(Resources).filter((id) => /^(CapitalA|A)[A-Z]/.test(id));
  const unknown = ofPlugin.filter((id) => !(id in ABOUT));
  if (unknown.length > 0) throw new Error(`nothing is said of ${unknown.join(', ')}`);
  const resources = Object.fromEntries(ofPlugin.map((id) => [id, Resources[id]]));
  const code = { S3Bucket: 'code-bucket', S3Key: 'code.zip' };
  Object.assign(resources.ALambdaFunction?.Properties, { Code: code });
  const document = new Document({
    AWSTemplateFormatVersion: '2010-09-09',
    Parameters,
    Resources: resources,
  });
  document.commentBefore = HEAD;
  visit(document, {
    Scalar(_, scalar) {
      // Other readers of YAML take it for a day.
      if (/^\d{4}-\d\d-\d\d$/.test(String(scalar.value))) scalar.type = 'QUOTE_DOUBLE';
    },
    Pair(_, { key, value }) {
      const about = isScalar(key) && isMap(value) ? ABOUT[String(key.value)] : undefined;
      if (about && isScalar(key)) key.commentBefore = ` ${about}`;
    },
  });
  return document.toString({ lineWidth: 140 });
}
