import { JsonView } from '../elements/json-view.tsx';
import type { Order } from '../messages.ts';

/** What the order was placed with, and what came of it. */
export function InAndOut({ order: { input, result, attributes } }: { readonly order: Order }) {
  return (
    <section class="card later">
      <h2>What went in, what came out</h2>
      <JsonView label="Input" value={input} />
      {result !== undefined && <JsonView label="Result" value={result} />}
      {Object.keys(attributes).length > 0 && <JsonView label="Attributes" value={attributes} />}
    </section>
  );
}
