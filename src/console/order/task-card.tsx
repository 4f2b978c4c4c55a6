import { Due } from '../elements/age.tsx';
import { JsonView } from '../elements/json-view.tsx';
import { PluginLink } from '../elements/plugin-link.tsx';
import { Status } from '../elements/status.tsx';
import type { Task } from '../messages.ts';
import { taskStatusWords } from '../words/status-words.ts';
import { Attempts } from './attempts.tsx';

/** The task that is chosen: how it stands, its attempts, what it took and gave. */
export function TaskCard({ task }: { readonly task: Task | undefined }) {
  if (task === undefined || !('taskId' in task)) {
    return (
      <section class="card">
        <h2>Task</h2>
        <p class="dim">Choose a task in the path to see what it took and gave.</p>
      </section>
    );
  }
  const { job, plugin, status, error, nextAttemptAt, deadlineAt } = task;
  return (
    <section class="card" aria-live="polite">
      <h2>{job}</h2>
      <p class="dim facts">
        <Status words={taskStatusWords(status)} />
        <PluginLink name={plugin}>plugin {plugin}</PluginLink>
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
      {error && (
        <p class="problem">
          {error.message}{' '}
          <span class="dim">
            <code>{error.code}</code>
          </span>
        </p>
      )}
      {task.input !== undefined && <JsonView label="Input" value={task.input} />}
      {task.result !== undefined && <JsonView label="Result" value={task.result} />}
      <Attempts attempts={task.attempts} />
    </section>
  );
}
