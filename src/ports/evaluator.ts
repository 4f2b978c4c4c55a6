import type { BoundElement, Evaluated } from '../core/deciding.ts';
import type { Json } from '../core/json.ts';
import type { Attributes } from '../core/order.ts';
import type { History } from '../core/task-records.ts';

/** What an expression can look at; it is the expression's own context, so `attributes.priority` is written just so. */
export interface ExpressionScope {
  readonly orderId: string;
  readonly attributes: Attributes;
  /** What the task would get as its input without an `input` of its own: the previous result. */
  readonly payload: Json;
  /** The order's own input as `input`, and earlier jobs as `$jobs`: there when an expression looks at them. */
  readonly history?: History;
  /** By template: the element that its expressions are about, as `$element` and `$index`; `null` for none. */
  readonly elements?: readonly (BoundElement | null)[];
}

/** Evaluates JSONata expressions, which anybody may have written, so that none of them harms the one who asks. */
export interface Evaluator {
  /**
   * The value of each template: a string is an expression, and so is every string within a template. An expression that
   * fails, or that takes too much processor time or memory, is an answer too, and leaves the others their values.
   * @throws if expressions cannot be evaluated at present; that is no fault of an expression, and passes.
   */
  evaluate(templates: readonly Json[], scope: ExpressionScope): Promise<readonly Evaluated[]>;
}
