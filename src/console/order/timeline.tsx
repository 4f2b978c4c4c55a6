import { Age } from '../elements/age.tsx';
import type { Order } from '../messages.ts';
import { momentWords } from '../words/moment-words.ts';

/** What happened, in people's words, and who asked for it. */
export function Timeline({ order }: { readonly order: Order }) {
  return (
    <section class="card later">
      <h2>What happened</h2>
      <ol class="timeline">
        {order.timeline.map((moment, index) => {
          const { text, tone } = momentWords(moment);
          return (
            <li key={index} class={tone}>
              <span>
                {text}
                {moment.reason !== undefined && <em> “{moment.reason}”</em>}
              </span>
              <span class="when">
                <Age at={moment.at} />
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
