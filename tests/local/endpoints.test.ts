import { expect, test } from '@jest/globals';
import { givenEndpoints, useCredentials } from '../../infra/local/endpoints.ts';

test('without endpoints in the environment everything is embedded', () => {
  expect(givenEndpoints({})).toEqual({ given: {}, needsAws: true, needsDynamodb: true });
});

test('AWS_ENDPOINT_URL stands for all services, and a service may have its own', () => {
  const environment = {
    AWS_ENDPOINT_URL: 'http://all',
    AWS_ENDPOINT_URL_DYNAMODB: 'http://tables',
  };
  expect(givenEndpoints(environment)).toEqual({
    given: { SQS: 'http://all', SNS: 'http://all', S3: 'http://all', DYNAMODB: 'http://tables' },
    needsAws: false,
    needsDynamodb: false,
  });
});

test('a service of its own alone leaves the others embedded', () => {
  expect(givenEndpoints({ AWS_ENDPOINT_URL_DYNAMODB: 'http://tables' })).toMatchObject({
    needsAws: true,
    needsDynamodb: false,
  });
});

test('real credentials and profiles do not reach functions where everything is embedded', () => {
  const environment = { AWS_ACCESS_KEY_ID: 'real', AWS_SESSION_TOKEN: 'real', AWS_PROFILE: 'work' };
  useCredentials(environment, {});
  expect(environment).toEqual({ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' });
});

test('credentials are kept for endpoints that are given', () => {
  const environment = { AWS_ACCESS_KEY_ID: 'real', AWS_SECRET_ACCESS_KEY: 'real' };
  useCredentials(environment, { SQS: 'http://all' });
  expect(environment).toEqual({ AWS_ACCESS_KEY_ID: 'real', AWS_SECRET_ACCESS_KEY: 'real' });
});
