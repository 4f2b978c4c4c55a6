import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Registered } from '../../src/cli/plugins-diff/differences.ts';
import { differencesOf } from '../../src/cli/plugins-diff/differences.ts';
import { drawDifferences } from '../../src/cli/plugins-diff/draw-differences.ts';
import {
  pluginDefinitionSchema,
  toPluginDefinition,
} from '../../src/contract/plugin-definition.ts';
import { readDefinition } from '../../src/contract/workflow-definition.ts';
import type { PluginDefinition } from '../../src/core/plugin.ts';
import { FakeApi } from './fake-api.ts';
import { runBaton } from './run-baton.ts';

const STACK = 'arn:aws:cloudformation:eu-west-1:1:stack/baton-dev-photos';

const PHOTO = {
  version: 3,
  ...readDefinition('photo', {
    activities: [
      { name: 'check', pre: ['validate'] },
      { name: 'make', parallel: '*' },
      { name: 'publish', pre: '*', post: '*' },
    ],
  }),
};
const FILM = {
  version: 1,
  ...readDefinition('film', { activities: [{ name: 'make', pre: ['validate'], parallel: '*' }] }),
};

const define = (name: string, definition: object = {}): PluginDefinition =>
  toPluginDefinition(pluginDefinitionSchema.parse({ name, ...definition }));

const registered = (definition: PluginDefinition, owner = STACK): Registered => ({
  ...definition,
  owner,
});

/** The picture of a deployment of the service `photos` with these plugins. */
function seen(plugins: readonly PluginDefinition[], before: readonly Registered[]) {
  const service = { folder: 'photos', stackName: 'baton-dev-photos', plugins };
  return drawDifferences(differencesOf([service], before, [FILM, PHOTO]), (_, text) => text);
}

const MAKE = { activity: 'make', stage: 'parallel' };
const resize = define('resize', { joins: [MAKE] });

describe('the differences of a deployment', () => {
  it('are none if nothing changes', () => {
    expect(seen([resize], [registered(resize)])).toBe('nothing changes');
  });

  it('show that a new plugin joins every workflow that invites it', () => {
    expect(seen([resize], [])).toBe(
      [
        'film v1',
        '  + make.parallel  resize  (order 100, mandatory true)',
        'photo v3',
        '  + make.parallel  resize  (order 100, mandatory true)',
      ].join('\n'),
    );
  });

  it('show that a new plugin joins the workflows that name it already', () => {
    expect(seen([define('validate')], [])).toBe(
      [
        'film v1',
        '  + make.pre  validate  (the workflow names it)',
        'photo v3',
        '  + check.pre  validate  (the workflow names it)',
      ].join('\n'),
    );
  });

  it('show changed terms in every stage that the plugin joins', () => {
    const filter = { kind: ['photo'] };
    const after = define('resize', { joins: [{ ...MAKE, order: 5, mandatory: false, filter }] });
    const fields = '(order 100 → 5, mandatory true → false, filter {"kind":["photo"]})';
    expect(seen([after], [registered(resize)])).toBe(
      [
        'film v1',
        `  ~ make.parallel  resize  ${fields}`,
        'photo v3',
        `  ~ make.parallel  resize  ${fields}`,
      ].join('\n'),
    );
  });

  it('show changed task settings also where a workflow names the plugin', () => {
    const after = define('validate', { timeoutSeconds: 60, retry: { maxAttempts: 5 } });
    const fields = 'the workflow names it, timeoutSeconds 3600 → 60, retry.maxAttempts 3 → 5';
    expect(seen([after], [registered(define('validate'))])).toBe(
      [
        'film v1',
        `  ~ make.pre  validate  (${fields})`,
        'photo v3',
        `  ~ check.pre  validate  (${fields})`,
      ].join('\n'),
    );
  });

  it('show a plugin that moves from every workflow to a stage of one', () => {
    const after = define('resize', {
      joins: [{ activity: 'publish', stage: 'post', workflow: 'photo' }],
    });
    expect(seen([after], [registered(resize)])).toBe(
      [
        'film v1',
        '  − make.parallel  resize',
        'photo v3',
        '  − make.parallel  resize',
        '  + publish.post  resize  (order 100, mandatory true)',
      ].join('\n'),
    );
  });

  it('show that a removed plugin leaves, and where its tasks will fail', () => {
    const others = registered(define('notify', { joins: [MAKE] }), `${STACK}-of-others`);
    expect(seen([], [registered(define('validate')), others])).toBe(
      [
        'film v1',
        '  − make.pre  validate  (the workflow names it: its tasks will fail)',
        'photo v3',
        '  − check.pre  validate  (the workflow names it: its tasks will fail)',
      ].join('\n'),
    );
  });

  it('show the plugins that are in no workflow', () => {
    const early = define('print', { joins: [{ activity: 'print', stage: 'post' }] });
    const changed = define('A', { history: true });
    expect(seen([early, define('B'), changed], [registered(define('A'))])).toBe(
      [
        'no workflow',
        '  + print  (joins nothing yet: print.post)',
        '  + B  (for workflows and orders that name it)',
        '  ~ A  (history false → true)',
      ].join('\n'),
    );
  });

  it('say what would be refused: a name of another stack, a closed stage, an unknown activity', () => {
    const join = (activity: string, stage: string) =>
      define(activity, { joins: [{ activity, stage, workflow: 'photo' }] });
    const plugins = [resize, join('check', 'pre'), join('burn', 'post')];
    expect(seen(plugins, [registered(resize, `${STACK}-of-others`)])).toContain(
      [
        'this would be refused',
        `  resize is registered by another stack: ${STACK}-of-others`,
        '  check: CLOSED_STAGE: workflow photo (version 3) invites nobody to check.pre: that does not say "*"',
        '  burn: UNKNOWN_ACTIVITY: workflow photo (version 3) has no activity burn, only check, make, publish',
      ].join('\n'),
    );
  });
});

describe('baton plugins diff', () => {
  const api = new FakeApi();
  beforeAll(async () => {
    await api.start();
  });
  afterEach(() => api.reset());
  afterAll(() => api.stop());

  const SECURITY = fileURLToPath(new URL('../../plugins/security', import.meta.url));
  const inform = {
    name: 'security-event',
    version: 2,
    activities: [{ name: 'inform', parallel: '*' }],
  };

  it('reads a service as its deployment would, and compares it with the running system', async () => {
    const owner = 'arn:aws:cloudformation:eu-west-1:1:stack/other-local-security';
    const reporting = define('reporting', { joins: [{ activity: 'inform', stage: 'parallel' }] });
    api.reset({
      'GET /plugins': { body: { plugins: [registered(reporting, owner)] } },
      'GET /workflows': { body: { workflows: [inform] } },
    });
    const args = ['plugins', 'diff', SECURITY, '--param', 'system-name=other'];
    const { stdout, stderr, exitCode } = await runBaton(['--api', api.url, ...args]);
    expect(stderr).toBe('');
    expect(stdout).toBe(
      [
        'security-event v2',
        '  + inform.parallel  notification  (order 100, mandatory true, filter {"severity":["high","medium"]})',
        '  ~ inform.parallel  reporting  (mandatory true → false)',
        'beside the workflows',
        '  + security  (for workflows and orders that name it)',
        '  + unit  (for workflows and orders that name it)',
        '',
      ].join('\n'),
    );
    expect(exitCode).toBe(0);

    const json = await runBaton(['--api', api.url, '--json', ...args, '--stage', 'dev']);
    const found = JSON.parse(json.stdout);
    expect(found.refused).toEqual([`reporting is registered by another stack: ${owner}`]);
    expect(json.exitCode).toBe(1);
  });

  it('names a folder that is no service', async () => {
    api.reset({
      'GET /plugins': { body: { plugins: [] } },
      'GET /workflows': { body: { workflows: [] } },
    });
    const args = ['plugins', 'diff', path.join(SECURITY, 'workflows')];
    const { stderr, exitCode } = await runBaton(['--api', api.url, ...args]);
    expect(stderr).toContain('workflows has no serverless.yml');
    expect(exitCode).toBe(2);
  });
});
