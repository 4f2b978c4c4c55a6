import { describe, expect, it } from '@jest/globals';
import { guardRemoval } from '../../infra/core-resources/guard-removal.ts';
import type { Plugin, Plugins } from '../../src/core/plugin.ts';
import { coreSettings } from './core-settings.ts';

const NO_PLUGINS = async (): Promise<Plugins> => new Map();
const RESIZE = async (): Promise<Plugins> =>
  new Map([
    [
      'resize',
      {
        name: 'resize',
        owner: 'arn:aws:cloudformation:us-east-1:123456789012:stack/baton-dev-photos',
      } as Plugin,
    ],
  ]);

/** Answers every question with the text. @returns the questions, too */
function answering(text: string) {
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return text;
  };
  return { ask, questions };
}

describe('a core', () => {
  it.each([['dev', true] as const, ['prod', false] as const])(
    'of stage %s is not removed while plugins are registered with it',
    async (stage, throwAway) => {
      const asked = answering(`baton-${stage}`);
      const given = { confirmed: 'true' };
      await expect(
        guardRemoval(coreSettings(stage, { given, throwAway }), RESIZE, asked),
      ).rejects.toThrow(
        `baton-${stage} is not removed: plugins are registered with it: resize (stack baton-dev-photos). Remove their stacks first`,
      );
      expect(asked.questions).toEqual([]);
    },
  );

  it('is removed under its plugins when they are to be abandoned', async () => {
    await guardRemoval(
      coreSettings('dev', { given: { abandonPlugins: 'true' }, throwAway: true }),
      RESIZE,
      {},
    );
  });

  it('whose data is thrown away is removed without a question', async () => {
    await guardRemoval(coreSettings('dev', { throwAway: true }), NO_PLUGINS, {});
  });

  it('with data of worth is removed when somebody types its name', async () => {
    const asked = answering('baton-prod\n');
    await guardRemoval(coreSettings('prod'), NO_PLUGINS, asked);
    expect(asked.questions).toHaveLength(1);
    expect(asked.questions[0]).toContain('Type baton-prod');
  });

  it.each(['', 'y', 'baton', 'baton-dev'])('stays at the answer %j', async (text) => {
    await expect(guardRemoval(coreSettings('prod'), NO_PLUGINS, answering(text))).rejects.toThrow(
      'baton-prod is not removed',
    );
  });

  it('with data of worth stays where nobody can be asked, unless it was confirmed before', async () => {
    await expect(guardRemoval(coreSettings('prod'), NO_PLUGINS, {})).rejects.toThrow(
      'nobody to ask',
    );
    await guardRemoval(coreSettings('prod', { given: { confirmed: 'true' } }), NO_PLUGINS, {});
  });
});
