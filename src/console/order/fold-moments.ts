import type { Order } from '../messages.ts';
import { type Moment, type MomentWords, momentWords } from '../words/moment-words.ts';

/** So many moments of one kind in a row stand one by one. */
const FEW = 3;

export interface Told extends MomentWords {
  readonly moment: Moment;
}

/** One line of the timeline: a moment, or several of one kind in a row. */
export interface TimelineLine {
  readonly text: string;
  readonly tone: MomentWords['tone'];
  readonly moments: readonly Told[];
}

/** The events of which many in a row say no more than how many they are. */
const MANY: ReadonlySet<string> = new Set([
  ...['TaskCompleted', 'TaskHeartbeat', 'TaskExpired', 'TaskPutOff', 'TaskCalledOff'],
  'DeadlinePassed',
]);

/** The timeline in lines. Many tasks that completed one after another are one line, which holds them all; whatever failed has its own. */
export function foldMoments({ timeline }: Pick<Order, 'timeline'>): readonly TimelineLine[] {
  const told = timeline.map((moment) => ({ ...momentWords(moment), moment }));
  const runs = told.reduce<Told[][]>((runs, one) => {
    const run = runs.at(-1);
    const [first] = run ?? [];
    const belongs = first !== undefined && kindOf(first) === kindOf(one) && isOne(one);
    if (belongs) run?.push(one);
    else runs.push([one]);
    return runs;
  }, []);
  return runs.flatMap((run) => (run.length > FEW ? [foldOf(run)] : run.map(lineOf)));
}

const isOne = ({ moment, tone }: Told) => MANY.has(moment.event) && tone !== 'bad';

/** Tasks of one plugin that end alike belong together; all else only where the words are the same. */
const kindOf = ({ moment: { event, task, late }, text }: Told) =>
  OF_TASKS.has(event) && !late ? `${event} ${task?.split('#')[0]}` : `${event} ${text}`;

/** What became of several tasks, in a word. */
const OF_TASKS: ReadonlyMap<string, string> = new Map([
  ['TaskCompleted', 'completed'],
  ['TaskCalledOff', 'called off'],
]);

const lineOf = (told: Told): TimelineLine => ({ ...told, moments: [told] });

function foldOf(moments: readonly Told[]): TimelineLine {
  const [first] = moments;
  const last = moments.at(-1);
  const tone = first?.tone ?? 'dim';
  const { event = '', task, late } = first?.moment ?? {};
  const became = late ? undefined : OF_TASKS.get(event);
  const text =
    became === undefined
      ? `${first?.text}, ${moments.length} times`
      : `${moments.length} tasks ${became}: ${task} … ${last?.moment.task}`;
  return { text, tone, moments };
}
