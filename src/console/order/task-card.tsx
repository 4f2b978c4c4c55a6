import { Due } from '../elements/age.tsx';
import { JsonView } from '../elements/json-view.tsx';
import { PluginLink } from '../elements/plugin-link.tsx';
import { Status } from '../elements/status.tsx';
import type { Order, SentTask, Task } from '../messages.ts';
import { elementsLike, elementsText, isElement } from '../picture/lists.ts';
import { to } from '../router.ts';
import { taskStatusWords } from '../words/status-words.ts';
import { AnswerInstead } from './answer-instead.tsx';
import { Attempts } from './attempts.tsx';
import { ElementChips } from './element-chips.tsx';

/** The statuses of tasks that did not end by themselves. */
const LEFT: ReadonlySet<string> = new Set(['calledOff', 'skipped', 'abandoned']);

/** The task that is chosen: how it stands, its attempts, what it took and gave. */
export function TaskCard({
  order,
  task,
  choose,
  done,
}: {
  readonly order: Order;
  readonly task: Task | undefined;
  readonly choose: (job: string) => void;
  /** Something was done to the order. */
  readonly done: () => void;
}) {
  if (task === undefined || !('taskId' in task)) {
    return (
      <section class="card">
        <h2>Task</h2>
        <p class="dim">Choose a task in the path to see what it took and gave.</p>
      </section>
    );
  }
  const { job, status, round, error, nextAttemptAt, deadlineAt } = task;
  const elements = elementsLike(task, order.tasks);
  return (
    <section class="card" aria-live="polite">
      <h2>{job}</h2>
      <p class="dim facts">
        <Status words={taskStatusWords(status)} />
        <Performer task={task} />
        {round !== undefined && <span>round {round} of its activity</span>}
        {isElement(task) && <span>{elementsText(task)} of the list, from 0</span>}
        {nextAttemptAt !== undefined && (
          <span>
            next attempt <Due at={nextAttemptAt} />
          </span>
        )}
        {deadlineAt !== undefined && (
          <span>
            due <Due at={deadlineAt} />
          </span>
        )}
      </p>
      {task.reason !== undefined && <p class="dim">It was called off: {task.reason}.</p>}
      {elements.length > 1 && <ElementChips elements={elements} chosen={job} choose={choose} />}
      {error && (
        <p class="problem">
          {error.message}{' '}
          <span class="dim">
            <code>{error.code}</code>
          </span>
        </p>
      )}
      {status === 'deferred' && <AnswerInstead order={order} job={job} done={done} />}
      {task.input !== undefined && <JsonView label="Input" value={task.input} />}
      {task.result !== undefined && <JsonView label="Result" value={task.result} />}
      <Attempts
        attempts={task.attempts}
        isOver={LEFT.has(status)}
        isEvent={task.awaited !== undefined}
      />
    </section>
  );
}

/** What Baton itself decides by a workflow's expressions: they are no plugins, and nothing of them is sent. */
const DECISIONS: ReadonlySet<string> = new Set(['repeat', 'choose', 'wait']);

function isDecision({ plugin, attempts }: SentTask): boolean {
  return attempts.length === 0 && DECISIONS.has(plugin);
}

/** A plugin, a child order, or an event from outside. */
function Performer({ task }: { readonly task: SentTask }) {
  const { plugin, child, awaited, elements } = task;
  if (isDecision(task)) return <span>no plugin: the workflow itself</span>;
  if (awaited !== undefined) {
    const { event, key } = awaited;
    return (
      <span>
        the event {event}
        {key === undefined ? ', for this order alone' : ` under the key ${key}`}
      </span>
    );
  }
  if (child === undefined) return <PluginLink name={plugin}>plugin {plugin}</PluginLink>;
  return (
    <a href={to(`/orders/${child}`)}>
      order {child}
      {elements === undefined && ` of ${plugin}`}
    </a>
  );
}
