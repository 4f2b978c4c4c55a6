import { useEffect } from 'preact/hooks';
import { Contact } from './elements/contact.tsx';
import { Empty } from './elements/empty.tsx';
import { forgetToken, isRefused, token } from './reading/session.ts';
import { address, partsOf, to } from './router.ts';
import { NewOrderScreen } from './screens/new-order.tsx';
import { OperationsScreen } from './screens/operations.tsx';
import { OrderScreen } from './screens/order.tsx';
import { OrdersScreen } from './screens/orders.tsx';
import { OverviewScreen } from './screens/overview.tsx';
import { PluginScreen, PluginsScreen } from './screens/plugins.tsx';
import { SignIn } from './screens/sign-in.tsx';
import { NewWorkflowScreen, WorkflowScreen, WorkflowsScreen } from './screens/workflows.tsx';

const PLACES = [
  { part: undefined, path: '/', name: 'Overview' },
  { part: 'orders', path: '/orders', name: 'Orders' },
  { part: 'plugins', path: '/plugins', name: 'Plugins' },
  { part: 'workflows', path: '/workflows', name: 'Workflows' },
] as const;

export function App() {
  const parts = partsOf(address.value);
  const place = PLACES.find(({ part }) => part === parts[0])?.name;
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
          {PLACES.map(({ path, name }) => (
            <a key={name} href={to(path)} aria-current={name === place ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <Contact />
        {token.value !== undefined && (
          <button type="button" class="quiet" onClick={signOut}>
            Sign out
          </button>
        )}
      </header>
      <main id="main" tabIndex={-1}>
        {isRefused.value ? <SignIn /> : <Screen parts={parts} />}
      </main>
    </>
  );
}

function signOut(): void {
  forgetToken();
  location.assign(to('/'));
}

function Screen({ parts: [place, name] }: { readonly parts: readonly string[] }) {
  switch (place) {
    case undefined:
      return <OverviewScreen />;
    case 'orders':
      return name === undefined ? <OrdersScreen /> : <OrderScreen key={name} orderId={name} />;
    case 'plugins':
      return name === undefined ? <PluginsScreen /> : <PluginScreen key={name} name={name} />;
    case 'workflows':
      if (name === undefined) return <WorkflowsScreen />;
      return name === 'new' ? <NewWorkflowScreen /> : <WorkflowScreen key={name} name={name} />;
    case 'new':
      return <NewOrderScreen />;
    case 'operations':
      return <OperationsScreen />;
    default:
      return (
        <Empty title="There is no such page.">
          <a href={to('/')}>Go to the overview</a>
        </Empty>
      );
  }
}
