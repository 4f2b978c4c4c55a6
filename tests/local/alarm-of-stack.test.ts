import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { type RunningStack, startProcess, type Workspace, workspace } from './running-stack.ts';
import { until } from './until.ts';

jest.setTimeout(480_000);

const TOLD_WITHIN_MS = 120_000;

const ALARM = 'mini-local-plugin-echo-depth';

let place: Workspace;
let stack: RunningStack;

beforeEach(async () => {
  place = workspace();
  stack = startProcess(place, ['--alarm-period-seconds', '1']);
  await stack.ready();
});
afterEach(async () => {
  await stack.signal('SIGKILL');
  place.remove();
});

it('an alarm of a template goes off, reaches the function behind its topic, and ends', async () => {
  const { controlUrl } = stack.running();
  const mappings = `${controlUrl}/2015-03-31/event-source-mappings`;
  const switchMapping = async (Enabled: boolean) => {
    const list = await fetch(`${mappings}?FunctionName=mini-local-echo`);
    const { EventSourceMappings } = (await list.json()) as {
      EventSourceMappings: { UUID: string }[];
    };
    const body = JSON.stringify({ Enabled });
    const answer = await fetch(`${mappings}/${EventSourceMappings[0]?.UUID}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.ok).toBe(true);
  };
  await switchMapping(false);
  for (const id of ['1', '2', '3']) await stack.task('echo', { id, say: 'hello' });
  await stack.says(new RegExp(`ALARM ${ALARM}: [23] >= 2 visible`));
  await until(
    'it is told',
    async () => (await stack.items())[`alarm ${ALARM}`] === 'ALARM',
    TOLD_WITHIN_MS,
  );
  const list = await fetch(`${controlUrl}/alarms`);
  expect(await list.json()).toEqual({
    alarms: [expect.objectContaining({ name: ALARM, state: 'ALARM' })],
  });

  await switchMapping(true);
  await stack.says(new RegExp(`OK ${ALARM}: [01] < 2 visible`));
  await until(
    'its end is told',
    async () => (await stack.items())[`alarm ${ALARM}`] === 'OK',
    TOLD_WITHIN_MS,
  );
  expect(stack.output()).toContain('echo: switched off');
});
