import type { Quarantine } from '../core/quarantine.ts';
import type { Recorded, Records } from './records.ts';

export type RecordedQuarantine = Recorded<Quarantine>;

/** The plugins that are held back, and those that have reopened and may still have parked tasks, by plugin; a plugin without a record is open. */
export type Quarantines = Records<Quarantine>;
