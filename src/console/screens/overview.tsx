import { EndedChart } from '../charts/ended-chart.tsx';
import { Trouble } from '../elements/loading.tsx';
import { LoadingScreen } from '../elements/loading-screen.tsx';
import { Bottleneck } from '../overview/bottleneck.tsx';
import { ByWorkflow } from '../overview/by-workflow.tsx';
import { Counters } from '../overview/counters.tsx';
import { Failures } from '../overview/failures.tsx';
import { HeldBack } from '../overview/held-back.tsx';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { headline } from '../words/bottleneck-words.ts';

export function OverviewScreen() {
  const status = usePolled('status', api.status);
  if (status.value === undefined) return <LoadingScreen of={status} />;
  return (
    <>
      <h1>{headline(status.value)}</h1>
      <Trouble of={status} />
      <Counters status={status.value} />
      <Bottleneck status={status.value} />
      <HeldBack status={status.value} />
      <EndedChart title="Orders over time" by="workflow" />
      <div class="two">
        <Failures />
        <ByWorkflow status={status.value} />
      </div>
    </>
  );
}
