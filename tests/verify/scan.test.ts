import { expect, it } from '@jest/globals';
import { compare } from '../../infra/verify/scan.ts';

const finding = (check_id: string, resource: string) => ({
  check_id,
  check_name: 'Ensure that it is safe',
  file_path: '/core/template.json',
  resource,
});
const explanation = (check: string, ...on: string[]) => ({ check, on, reason: 'because' });

it('a finding with an explanation passes', () => {
  const findings = [finding('CKV_1', 'AWS::SQS::Queue.Orders')];
  expect(compare(findings, [explanation('CKV_1', 'AWS::SQS::Queue.*')])).toEqual([]);
});

it('an explanation does not cover other checks and other resources', () => {
  const findings = [
    finding('CKV_1', 'AWS::SNS::Topic.Tasks'),
    finding('CKV_2', 'AWS::SQS::Queue.Orders'),
    finding('CKV_1', 'AWS::SQS::Queue.Orders'),
  ];
  expect(compare(findings, [explanation('CKV_1', 'AWS::SQS::Queue.*')])).toEqual([
    'without an explanation: CKV_1 on AWS::SNS::Topic.Tasks (core): Ensure that it is safe',
    'without an explanation: CKV_2 on AWS::SQS::Queue.Orders (core): Ensure that it is safe',
  ]);
});

it('an explanation without a finding is reported', () => {
  const findings = [finding('CKV_1', 'AWS::SNS::Topic.Tasks')];
  const baseline = [explanation('CKV_1', 'AWS::SNS::Topic.Tasks', 'AWS::SNS::Topic.Alarms')];
  expect(compare(findings, baseline)).toEqual([
    'without a finding: CKV_1 on AWS::SNS::Topic.Alarms',
  ]);
});
