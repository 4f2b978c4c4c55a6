import { expect, it } from '@jest/globals';
import { givenEndpoints, useCredentials } from '../../infra/local/endpoints.ts';

it('without endpoints in the environment everything is embedded', () => {
  expect(givenEndpoints({})).toEqual({ given: {}, needsAws: true, needsDynamodb: true });
});

it('AWS_ENDPOINT_URL stands for all services, and a service may have its own', () => {
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

it('a service of its own alone leaves the others embedded', () => {
  expect(givenEndpoints({ AWS_ENDPOINT_URL_DYNAMODB: 'http://tables' })).toMatchObject({
    needsAws: true,
    needsDynamodb: false,
  });
});

it('any credentials will do where none are given', () => {
  const environment = {};
  useCredentials(environment);
  expect(environment).toEqual({ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' });
});

it('credentials and profiles are kept where they are given', () => {
  for (const given of [
    { AWS_ACCESS_KEY_ID: 'real', AWS_SECRET_ACCESS_KEY: 'real' },
    { AWS_PROFILE: 'work' },
  ]) {
    const environment = { ...given };
    useCredentials(environment);
    expect(environment).toEqual(given);
  }
});
