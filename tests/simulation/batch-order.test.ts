import { expect, it } from '@jest/globals';
import { decide } from '../../src/core/decide.ts';
import type { Answer, Context, Deciding, Decision, Question } from '../../src/core/deciding.ts';
import type { OrderEvent } from '../../src/core/event.ts';
import type { OrderState } from '../../src/core/order.ts';
import { hasEnded } from '../../src/core/order.ts';
import { scenarioFrom } from './scenario.ts';
import type { Chance } from './seed.ts';
import { chanceFrom, seedFor } from './seed.ts';
import { WEATHERS } from './weather.ts';
import type { Aftermath } from './world.ts';
import { runWorld } from './world.ts';

const SEED = 20261125;
const WORLDS = 12;

/** Whoever drives a decision here knows no history and no backlog, and every expression is null. */
function answerTo(question: Question): Answer {
  switch (question.type) {
    case 'RecallHistory':
      return { input: null, jobs: {} };
    case 'RecallEntries':
    case 'RecallTasks':
      return [];
    case 'RecallWorkflow':
      throw new Error('no order moves to another version');
    case 'EvaluateExpressions':
      return question.expressions.map(() => ({ value: null }));
    case 'AskBacklogs':
      return new Map();
    case 'AskTurns':
      return new Set(question.turns.map(({ taskId }) => taskId));
    case 'AskStanding':
      return true;
  }
}

function driven(deciding: Deciding<Decision>): Decision {
  let step = deciding.next([]);
  while (!step.done) {
    step = deciding.next(answerTo(step.value));
  }
  return step.value;
}

/** Answers or signs of life for some of the open tasks, a deadline, and perhaps a wish to cancel: what one batch may bring. */
function eventsFor(state: OrderState, chance: Chance): readonly OrderEvent[] {
  if (hasEnded(state)) return [];
  const at = state.wakeUp.at + chance.between(-1000, 1000);
  const events: OrderEvent[] = [{ type: 'DeadlinePassed', at }];
  if (chance.happens(0.5)) events.push({ type: 'CancelRequested', at, actId: 'a', askedAt: at });
  if (state.status === 'accepted') events.push({ type: 'OrderAccepted', at });
  const tasks = 'stage' in state ? state.stage.tasks : [];
  for (const task of tasks) {
    if (task.status !== 'inFlight' || chance.happens(0.3)) continue;
    const { taskId, attempt } = task;
    const answer = { at, taskId, attempt };
    if (chance.happens(0.3)) {
      const sentAt = () => at - chance.below(60_000);
      events.push({ type: 'TaskHeartbeat', ...answer, sentAt: sentAt() });
      events.push({ type: 'TaskPutOff', ...answer, sentAt: sentAt() });
      events.push({ type: 'TaskHeartbeat', ...answer, sentAt: sentAt() });
      continue;
    }
    events.push(
      chance.happens(0.7)
        ? { type: 'TaskCompleted', ...answer, result: taskId }
        : { type: 'TaskFailed', ...answer, error: { code: 'NO', message: '' }, retry: 'never' },
    );
  }
  return events;
}

function shuffled<T>(list: readonly T[], chance: Chance): T[] {
  const left = [...list];
  return list.map(() => left.splice(chance.below(left.length), 1)[0] as T);
}

function contextOf({ scenario }: Aftermath): Context {
  const where = { owner: 'stack', queueUrl: '', queueArn: '', registeredAt: 0 };
  const plugins = scenario.plugins.map(
    ({ definition }) => [definition.name, { ...definition, ...where }] as const,
  );
  return { workflow: scenario.workflow, plugins: new Map(plugins) };
}

it('a batch comes to the same whatever the order of its events', async () => {
  let batches = 0;
  for (let index = 0; index < WORLDS; index += 1) {
    const seed = seedFor(SEED, index);
    const aftermath = await runWorld(scenarioFrom(seed, 4, 'ordinary'), WEATHERS.calm);
    const chance = chanceFrom(seed);
    const context = contextOf(aftermath);
    for (const { state } of [...aftermath.journals.values()].flat()) {
      const events = eventsFor(state, chance);
      if (events.length < 2) continue;
      batches += 1;
      const one = driven(decide(state, events, context));
      const other = driven(decide(state, shuffled(events, chance), context));
      expect(other.state).toEqual(one.state);
      // Who has answered has been heard, also by one who wants the order cancelled.
      const answers = events.filter((event) => 'taskId' in event && !('sentAt' in event));
      expect(one.applied).toEqual(expect.arrayContaining(answers));
    }
  }
  expect(batches).toBeGreaterThan(100);
});
