import { useState } from 'preact/hooks';
import { OrderActs } from '../acts/order-acts.tsx';
import { Age, Took } from '../elements/age.tsx';
import { Loading, Trouble } from '../elements/loading.tsx';
import { LoadingScreen } from '../elements/loading-screen.tsx';
import { Picture } from '../elements/picture.tsx';
import { Status } from '../elements/status.tsx';
import { Waterfall } from '../elements/waterfall.tsx';
import type { Order, Task } from '../messages.ts';
import { InAndOut } from '../order/in-and-out.tsx';
import { TaskCard } from '../order/task-card.tsx';
import { Timeline } from '../order/timeline.tsx';
import { Undoing } from '../order/undoing.tsx';
import { Verdict } from '../order/verdict.tsx';
import { columnsOfOrder, columnsOfSlice } from '../picture/columns.ts';
import { isSlice } from '../picture/lists.ts';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { to } from '../router.ts';
import { hasEnded, orderStatusWords } from '../words/status-words.ts';
import { workflowText } from '../words/workflow-text.ts';

export function OrderScreen({ orderId }: { readonly orderId: string }) {
  const order = usePolled(`order ${orderId}`, (signal) => api.order(orderId, signal), hasEnded);
  if (order.value === undefined) {
    return (
      <LoadingScreen of={order}>
        <a href={to('/orders')}>Show all orders</a>
      </LoadingScreen>
    );
  }
  return (
    <>
      <Trouble of={order} />
      <OrderView order={order.value} done={order.again} />
    </>
  );
}

function OrderView({ order, done }: { readonly order: Order; readonly done: () => void }) {
  const { name, version } = order.workflow;
  const workflow = usePolled(
    `workflow ${name} ${version}`,
    (signal) => api.workflow(name, version, signal),
    () => true,
  );
  const [pressed, setChosen] = useState<string | undefined>();
  const chosen = pressed ?? order.error?.task ?? firstOpen(order);
  const columns = isSlice(order) ? columnsOfSlice(order) : columnsOfOrder(order, workflow.value);
  return (
    <>
      <div class="title">
        <div>
          <h1 class="order-id">{order.orderId}</h1>
          <p class="dim facts">
            <Status words={orderStatusWords(order.status)} />
            <a href={to('/orders', { workflow: name })}>
              {workflowText(name)} v{version}
            </a>
            <span>
              accepted <Age at={order.acceptedAt} />
            </span>
            <span>
              {hasEnded(order) ? 'took' : 'for'} <Took from={order.acceptedAt} to={order.endedAt} />
            </span>
            {order.client !== undefined && (
              <a href={to('/orders', { client: order.client })}>client {order.client}</a>
            )}
            {order.parent !== undefined && (
              <a href={to(`/orders/${order.parent.orderId}`)}>
                {isSlice(order) ? 'a part of a list of' : 'child of'} {order.parent.orderId}
              </a>
            )}
          </p>
        </div>
        <OrderActs order={order} done={done} />
      </div>
      <Verdict order={order} />
      <section class="card">
        <h2>Path</h2>
        {workflow.value === undefined && workflow.error === undefined ? (
          <Loading of={workflow} />
        ) : columns.length === 0 ? (
          <p class="dim">It has not begun yet.</p>
        ) : (
          <Picture
            columns={columns}
            label="The order's path"
            chosen={chosen}
            choose={(job) => setChosen(job)}
          />
        )}
      </section>
      <div class="two">
        <div class="stack">
          <section class="card">
            <h2>Time</h2>
            <Waterfall order={order} chosen={chosen} choose={(job) => setChosen(job)} />
          </section>
          <Undoing order={order} />
          <InAndOut order={order} />
        </div>
        <div class="stack">
          <TaskCard
            order={order}
            task={order.tasks.find((task) => isJob(task, chosen))}
            choose={(job) => setChosen(job)}
            done={done}
          />
          <Timeline order={order} />
        </div>
      </div>
    </>
  );
}

function isJob(task: Task, job: string | undefined): boolean {
  return 'taskId' in task && task.job === job;
}

const UNDER_WAY: ReadonlySet<string> = new Set(['inFlight', 'deferred', 'awaiting', 'backingOff']);

/** What is under way, else what came last. */
function firstOpen({ tasks }: Order): string | undefined {
  const sent = tasks.filter((task) => 'taskId' in task);
  const open = sent.find(({ status }) => UNDER_WAY.has(status));
  return (open ?? sent.at(-1))?.job;
}
