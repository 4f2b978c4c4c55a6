import type { TaskStatus } from '../words/status-words.ts';
import type { List } from './lists.ts';

/** One plugin's part in an order or a workflow, or a wait. */
export interface Node {
  readonly id: string;
  readonly label: string;
  /** A wait has one once the order has come to it. */
  readonly status?: TaskStatus;
  /** By which a task of the order is chosen; what has not begun has none. */
  readonly job?: string;
  readonly attempts?: number;
  /** Why a plugin took no part, or when one does. */
  readonly note?: string;
  /** The tasks of a long list, which share one node. */
  readonly list?: List;
  readonly isWait?: true;
}

/** What runs at the same time. */
export interface Column {
  readonly id: string;
  readonly activity: string;
  readonly stage: string;
  readonly nodes: readonly Node[];
}
