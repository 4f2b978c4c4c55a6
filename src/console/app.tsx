import { useEffect } from 'preact/hooks';
import { Contact } from './elements/contact.tsx';
import { Empty } from './elements/empty.tsx';
import { LoadingScreen } from './elements/loading-screen.tsx';
import type { Call } from './reading/allowed-calls.ts';
import { may, me, useMe } from './reading/me.ts';
import { forgetToken, isRefused, token } from './reading/session.ts';
import type { Polled } from './reading/use-polled.ts';
import { address, partsOf, to } from './router.ts';
import { NewOrderScreen } from './screens/new-order.tsx';
import { NewScheduleScreen } from './screens/new-schedule.tsx';
import { NewWorkflowScreen } from './screens/new-workflow.tsx';
import { OperationsScreen } from './screens/operations.tsx';
import { OrderScreen } from './screens/order.tsx';
import { OrdersScreen } from './screens/orders.tsx';
import { OverviewScreen } from './screens/overview.tsx';
import { PluginScreen } from './screens/plugin.tsx';
import { PluginsScreen } from './screens/plugins.tsx';
import { ScheduleScreen } from './screens/schedule.tsx';
import { SchedulesScreen } from './screens/schedules.tsx';
import { SignIn } from './screens/sign-in.tsx';
import { WorkflowScreen } from './screens/workflow.tsx';
import { WorkflowsScreen } from './screens/workflows.tsx';

interface Place {
  readonly part: string | undefined;
  readonly path: string;
  readonly name: string;
  /** What it shows comes from this call. */
  readonly call: Call;
}

const PLACES: readonly Place[] = [
  { part: undefined, path: '/', name: 'Overview', call: 'GET /status' },
  { part: 'orders', path: '/orders', name: 'Orders', call: 'GET /orders' },
  { part: 'plugins', path: '/plugins', name: 'Plugins', call: 'GET /plugins' },
  { part: 'workflows', path: '/workflows', name: 'Workflows', call: 'GET /workflows' },
  { part: 'schedules', path: '/schedules', name: 'Schedules', call: 'GET /schedules' },
  { part: 'operations', path: '/operations', name: 'Operations', call: 'GET /operations' },
];

export function App() {
  const parts = partsOf(address.value);
  const place = PLACES.find(({ part }) => part === parts[0])?.name;
  const who = useMe();
  useEffect(() => {
    document.title = [parts[1] ?? place, 'Baton'].filter(Boolean).join(' · ');
  });
  return (
    <>
      <a class="skip-link" href="#main">
        To the content
      </a>
      <header class="bar">
        <a class="brand" href={to('/')}>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" />
            <path d="M8 22 24 10" />
          </svg>
          Baton
        </a>
        <nav aria-label="Screens">
          {PLACES.filter(({ call }) => me.value === undefined || may(call)).map(
            ({ path, name }) => (
              <a key={name} href={to(path)} aria-current={name === place ? 'page' : undefined}>
                {name}
              </a>
            ),
          )}
        </nav>
        <Contact />
        <Who />
        {token.value !== undefined && (
          <button type="button" class="quiet" onClick={signOut}>
            Sign out
          </button>
        )}
      </header>
      <main id="main" tabIndex={-1}>
        {isRefused.value ? <SignIn /> : <Screen parts={parts} who={who} />}
      </main>
    </>
  );
}

function signOut(): void {
  forgetToken();
  location.assign(to('/'));
}

function Who() {
  const { client, name } = me.value ?? {};
  if (client !== undefined) return <span class="who">client {client}</span>;
  return name === undefined ? null : <span class="who">{name}</span>;
}

interface ScreenProps {
  readonly parts: readonly string[];
  readonly who: Polled<unknown>;
}

function Screen({ parts: [place, name], who }: ScreenProps) {
  switch (place) {
    case undefined:
      return <Home who={who} />;
    case 'orders':
      return name === undefined ? <OrdersScreen /> : <OrderScreen key={name} orderId={name} />;
    case 'plugins':
      return name === undefined ? <PluginsScreen /> : <PluginScreen key={name} name={name} />;
    case 'workflows':
      if (name === undefined) return <WorkflowsScreen />;
      return name === 'new' ? <NewWorkflowScreen /> : <WorkflowScreen key={name} name={name} />;
    case 'schedules':
      if (name === undefined) return <SchedulesScreen />;
      return name === 'new' ? <NewScheduleScreen /> : <ScheduleScreen key={name} name={name} />;
    case 'new':
      return <NewOrderScreen />;
    case 'operations':
      return <OperationsScreen />;
    default:
      return (
        <Empty title="There is no such page." isScreen={true}>
          <a href={to('/')}>Go to the overview</a>
        </Empty>
      );
  }
}

/** What one sees first: how the system is; who may not see that, the own orders. */
function Home({ who }: Pick<ScreenProps, 'who'>) {
  if (me.value === undefined) return <LoadingScreen of={who} />;
  return may('GET /status') ? <OverviewScreen /> : <OrdersScreen />;
}
