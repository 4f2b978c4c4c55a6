import { readFileSync } from 'node:fs';
import type { Block } from './blocks.ts';
import { stepsOf } from './session.ts';
import { commandsIn } from './shell.ts';

/**
 * Why the commands of a block are only checked, and not played: what its page says in the comment before it
 * (`<!-- not played: needs an account of AWS -->`), and what has to be so.
 */
const NOT_PLAYED: Readonly<Record<string, (text: string) => boolean>> = {
  'needs an account of AWS': (text) =>
    /^\s*\(?(cd .* && )?(aws|npm run (deploy|remove)|npx serverless (deploy|invoke)|npx baton .*--stage)\b|=\$\(aws |execute-api/m.test(
      text,
    ),
  'needs Docker': (text) => /^(docker |npm run start:localstack)/m.test(text),
  'needs a service of another program': (text) => /^AWS_ENDPOINT_URL\w*=/m.test(text),
  'needs an order of that workflow': (text) => text.includes('baton events send'),
  'needs a token that a plugin has handed out': (text) => text.includes('/tasks/'),
  'the gate runs it': (text) => scriptsIn(text).some((script) => GATE.includes(`step ${script}`)),
  'npm run verify:package plays it': (text) =>
    text.includes('npx batonflow new plugin') || /^npm install --save-dev \.\.\/baton/m.test(text),
  'takes minutes, and has a script of its own': (text) =>
    scriptsIn(text).some((script) => /^npm run (demo:|verify:tracing|localstack)/.test(script)),
};

/** Why what a page shows that is printed is not compared, although its commands are played. */
const NOT_COMPARED: Readonly<Record<string, (text: string) => boolean>> = {
  'shows a system under load': (text) => /status|counts|history/.test(text),
  'shows what the orchestrator has given up on': (text) => text.includes('/dead-letters'),
};

const GATE = readFileSync('.ci/run', 'utf8');

const scriptsIn = (text: string): readonly string[] =>
  stepsOf(text)
    .flatMap(({ command }) => commandsIn(command))
    .filter(([program]) => program === 'npm')
    .map((words) => words.join(' '));

export interface Playing {
  readonly played: boolean;
  readonly compared: boolean;
}

/** How a block with commands is played. @throws if its mark is none that there is, or is not true */
export function playingOf({ page, line, text, mark }: Block): Playing {
  if (mark === undefined) return { played: true, compared: true };
  const [, what = '', reason = ''] = /^(not \w+): (.*)$/.exec(mark) ?? [];
  const reasons = what === 'not played' ? NOT_PLAYED : what === 'not compared' ? NOT_COMPARED : {};
  const holds = reasons[reason];
  if (holds === undefined) throw new Error(`${page}, line ${line}: nobody knows the mark ${mark}`);
  if (!holds(text)) throw new Error(`${page}, line ${line}: it is not so that it ${reason}`);
  return { played: what !== 'not played', compared: false };
}

export const MARKS: readonly string[] = [
  ...Object.keys(NOT_PLAYED).map((reason) => `not played: ${reason}`),
  ...Object.keys(NOT_COMPARED).map((reason) => `not compared: ${reason}`),
];
