import { expect, it } from '@jest/globals';
import { compare } from '../../infra/verify/scan.ts';

const finding = (check_id: string, resource: string) => ({
  check_id,
  check_name: 'Ensure that it is safe',
  file_path: '/core/template.json',
  resource,
});
const explanation = (check: string, ...on: string[]) => ({ check, on, reason: 'because' });

it('a finding that is explained is no news', () => {
  const findings = [finding('CKV_1', 'AWS::SQS::Queue.Orders')];
  expect(compare(findings, [explanation('CKV_1', 'AWS::SQS::Queue.*')])).toEqual([]);
});

it('a finding of another check, or on another resource, is not explained', () => {
  const findings = [
    finding('CKV_1', 'AWS::SNS::Topic.Tasks'),
    finding('CKV_2', 'AWS::SQS::Queue.Orders'),
    finding('CKV_1', 'AWS::SQS::Queue.Orders'),
  ];
  expect(compare(findings, [explanation('CKV_1', 'AWS::SQS::Queue.*')])).toEqual([
    'not explained: CKV_1 on AWS::SNS::Topic.Tasks (core): Ensure that it is safe',
    'not explained: CKV_2 on AWS::SQS::Queue.Orders (core): Ensure that it is safe',
  ]);
});

it('an explanation of what is found no more is stale', () => {
  const findings = [finding('CKV_1', 'AWS::SNS::Topic.Tasks')];
  const baseline = [explanation('CKV_1', 'AWS::SNS::Topic.Tasks', 'AWS::SNS::Topic.Alarms')];
  expect(compare(findings, baseline)).toEqual([
    'explains nothing any more: CKV_1 on AWS::SNS::Topic.Alarms',
  ]);
});
