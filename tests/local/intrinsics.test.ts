// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how Fn::Sub and a template in a file under test look
import { describe, expect, it } from '@jest/globals';
import { resolve, type Scope } from '../../infra/local/cloudformation/intrinsics.ts';

const scope: Scope = {
  ref: async (name) => `ref-of-${name}`,
  attribute: async (resource, attribute) => `${attribute}-of-${resource}`,
  pseudo: (name) => ({ 'AWS::Region': 'eu-west-1' })[name],
  condition: (name) => ({ Always: { 'Fn::Equals': ['a', 'a'] } })[name],
  parameter: async (name) => `value-of-${name}`,
};

describe('an intrinsic function is evaluated', () => {
  it.each([
    ['Ref', { Ref: 'Queue' }, 'ref-of-Queue'],
    ['Ref to a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Arn-of-Queue'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Queue.Nested.Arn' }, 'Nested.Arn-of-Queue'],
    [
      'Sub as text',
      { 'Fn::Sub': '${Queue}/${Queue.Arn}/${AWS::Region}' },
      'ref-of-Queue/Arn-of-Queue/eu-west-1',
    ],
    [
      'Sub with variables',
      { 'Fn::Sub': ['${A}-${Queue}', { A: { Ref: 'B' } }] },
      'ref-of-B-ref-of-Queue',
    ],
    ['Sub with a literal', { 'Fn::Sub': '${!Literal}' }, '${Literal}'],
    ['Join', { 'Fn::Join': [':', ['a', { Ref: 'B' }]] }, 'a:ref-of-B'],
    ['Split and Select', { 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    ['If', { 'Fn::If': ['Always', 'yes', { Ref: 'Never' }] }, 'yes'],
    ['Equals, of a number and its text', { 'Fn::Equals': [1, '1'] }, true],
    [
      'Not, And, Or',
      { 'Fn::Or': [{ 'Fn::Not': [{ Condition: 'Always' }] }, { 'Fn::And': [true, true] }] },
      true,
    ],
    ['a dynamic reference', '{{resolve:ssm:/baton/queue-url}}', 'value-of-/baton/queue-url'],
    [
      'a dynamic reference with a version, in a text',
      'arn:{{resolve:ssm:/bucket:3}}/*',
      'arn:value-of-/bucket/*',
    ],
    [
      'anything deep in a structure',
      { a: [{ b: { Ref: 'C' } }], d: 1 },
      { a: [{ b: 'ref-of-C' }], d: 1 },
    ],
    [
      'the Condition of a policy, which is none',
      { Condition: { Bool: { x: 'y' } } },
      { Condition: { Bool: { x: 'y' } } },
    ],
  ])('%s', async (_name, value, expected) => {
    expect(await resolve(value, scope)).toEqual(expected);
  });

  it('what is AWS::NoValue is left out', async () => {
    const value = { kept: 1, gone: { Ref: 'AWS::NoValue' }, list: [{ Ref: 'AWS::NoValue' }, 2] };
    expect(await resolve(value, scope)).toEqual({ kept: 1, list: [2] });
  });
});

describe('what is not provided is named', () => {
  it.each([
    [{ 'Fn::ImportValue': 'x' }, 'Fn::ImportValue is not provided locally.'],
    ['{{resolve:secretsmanager:x}}', '{{resolve:secretsmanager:x}} is not provided locally'],
    [{ Ref: 'AWS::Nonsense' }, 'There is no pseudo parameter AWS::Nonsense.'],
    [{ 'Fn::If': ['Missing', 1, 2] }, 'There is no condition Missing.'],
    [{ 'Fn::Select': [3, ['a']] }, 'Fn::Select finds no element 3 in a list of 1.'],
  ])('%j', async (value, message) => {
    await expect(resolve(value, scope)).rejects.toThrow(message);
  });
});
