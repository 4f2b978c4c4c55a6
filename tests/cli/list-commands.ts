import type { OrderView } from '../../src/cli/responses.ts';
import type { Routes } from './fake-api.ts';

/** A command that lists, and an API's replies with a row whose every value is long or wide. */
export interface ListCommand {
  readonly args: readonly string[];
  readonly routes: Routes;
  /** Values that stand in its list, whole where there is no terminal. */
  readonly shows: readonly string[];
}

const AT = '2026-11-21T08:00:00.000Z';
const ULID = '01KAK3V5W8Z6T2Q4M9N7R1C0XD';
const NAME = '写真の注文-photo-order-of-the-northern-branch';
const LONG =
  '紙がない: there is no paper in any of the printers of the northern branch, and nobody is there';
const WHERE = { activity: 'make-everything-that-was-ordered', stage: 'parallel' };

const task = {
  ...{ taskId: 't-1', job: 'resize#12', plugin: 'resize', ...WHERE, status: 'backingOff' },
  ...{ dispatchedAt: AT, error: { code: 'PAPER', message: LONG }, nextAttemptAt: AT },
  attempts: [{ attempt: 1, dispatchedAt: AT, startedAt: AT }],
};

const error = { code: 'PAPER', message: LONG, plugin: 'print', task: 'print', attempt: 3 };

const order = {
  ...{ orderId: ULID, status: 'completed', workflow: { name: NAME, version: 12 } },
  ...{ client: 'the-northern-branch', acceptedAt: AT, endedAt: '2026-11-21T08:03:20.000Z' },
  ...{ attributes: { kind: ['写真', 'panorama'], priority: 'high' }, input: LONG, result: LONG },
};

const whole = {
  ...{ ...order, error, tasks: [task], jobs: { 'resize#12': { result: LONG } } },
  timeline: [{ at: AT, event: 'TaskFailed', task: 'resize#12', attempt: 2, error }],
  compensations: [{ job: 'resize', plugin: 'resize', status: 'failed', attempts: [], error }],
} as unknown as OrderView;

const run = { at: AT, outcome: 'missed', until: AT, orderId: ULID, reason: LONG };

const schedule = {
  ...{ name: 'every-night-of-the-week', status: 'active', cron: '0 2 * * 1,2,3,4,5,6,7' },
  ...{ timeZone: 'America/Argentina/Buenos_Aires', workflow: NAME, nextRunAt: AT, lastRun: run },
};

const quarantined = { phase: 'closed', at: AT, reason: LONG, actor: 'operator ada' };

const counted = { completed: 123456, failed: 12345, cancelled: 1234 };

/** By what one types. */
export const LIST_COMMANDS: Readonly<Record<string, ListCommand>> = {
  orders: {
    args: ['orders'],
    routes: {
      'GET /orders': {
        body: {
          next: 'more',
          orders: [
            {
              ...{ ...order, error, tasks: { done: 12, total: 345 } },
              stuck: { since: AT, why: 'no progress' },
            },
          ],
        },
      },
    },
    shows: [ULID, NAME, JSON.stringify(order.attributes), 'PAPER (print)', 'the-northern-branch'],
  },
  order: {
    args: ['order', ULID],
    routes: { [`GET /orders/${ULID}`]: { body: whole } },
    shows: [ULID, `PAPER: ${LONG}`],
  },
  status: {
    args: ['status'],
    routes: {
      'GET /status': {
        body: {
          orders: { active: 1234, stuck: 3, byWorkflow: { [NAME]: 1200, 'photo-print': 34 } },
          tasks: { queued: 295, inFlight: 8, parked: 30, remaining: 304 },
          plugins: [
            {
              ...{ name: 'resize-写真-for-the-web', queued: 12345, inFlight: 123 },
              ...{ oldestSeconds: 4000, instances: 8, health: 'quarantined' },
              concurrency: { base: 8, now: 8, ceiling: 16 },
              quarantine: { phase: 'closed', parked: 30, reason: LONG },
            },
          ],
          bottleneck: 'resize-写真-for-the-web',
        },
      },
    },
    shows: ['resize-写真-for-the-web', LONG, `${NAME} 1200`],
  },
  counts: {
    args: ['counts', '--per', 'hour'],
    routes: {
      'GET /counts': {
        body: {
          ...{ by: 'workflow', per: 'hour', of: 'orders', approximate: true },
          ...{ from: '2026-11-18T08:00:00.000Z', to: AT },
          series: [
            {
              ...{ name: NAME, ...counted },
              points: [{ at: '2026-11-20T08:00:00.000Z', ...counted }],
            },
          ],
        },
      },
    },
    shows: [NAME, '123456', '█'],
  },
  'workflows list': {
    args: ['workflows', 'list'],
    routes: {
      'GET /workflows': {
        body: {
          workflows: [
            {
              ...{ name: NAME, version: 12, on: ['photo.received', 'photo.corrected'] },
              activities: [{ name: WHERE.activity }, { name: 'ship' }],
            },
          ],
        },
      },
    },
    shows: [NAME, 'photo.received, photo.corrected', `${WHERE.activity}, ship`],
  },
  'workflows versions': {
    args: ['workflows', 'versions', 'photo'],
    routes: {
      'GET /workflows/photo/versions': {
        body: {
          versions: [{ version: 12, storedAt: AT, storedBy: `operator ${NAME}`, active: 1234 }],
        },
      },
    },
    shows: [`operator ${NAME}`, '1234'],
  },
  'workflows plan': {
    args: ['workflows', 'plan', 'photo'],
    routes: {
      'POST /workflows/photo/plan': {
        body: {
          ...{ name: NAME, version: 12, unregistered: ['ship'] },
          tasks: [{ job: 'resize#12', plugin: 'resize', ...WHERE, input: { text: LONG } }],
          leftOut: [{ plugin: 'print', ...WHERE, status: 'notInvited', reason: LONG }],
          error: { code: 'EXPRESSION_FAILED', task: 'resize', message: LONG },
        },
      },
    },
    shows: ['resize#12', JSON.stringify({ text: LONG }), LONG],
  },
  plugins: {
    args: ['plugins'],
    routes: {
      'GET /workflows': { body: { workflows: [] } },
      'GET /plugins': {
        body: {
          plugins: [
            {
              ...{ name: 'resize-写真-for-the-web', owner: 'imaging', registeredAt: AT },
              joins: [{ ...WHERE, mandatory: false, filter: { kind: ['photo'] } }],
              ...{ concurrency: { base: 8, ceiling: 16 }, timeoutSeconds: 3900, quarantined },
              ...{ retry: { maxAttempts: 5 }, history: true },
            },
          ],
        },
      },
    },
    shows: ['resize-写真-for-the-web', `closed: ${LONG}`],
  },
  'clients tokens': {
    args: ['clients', 'tokens', 'web'],
    routes: {
      'GET /clients/web/tokens': {
        body: { tokens: [{ prefix: 'baton_c_1234', name: LONG, createdAt: AT, expiresAt: AT }] },
      },
    },
    shows: ['baton_c_1234…', LONG],
  },
  'schedules list': {
    args: ['schedules', 'list'],
    routes: { 'GET /schedules': { body: { schedules: [schedule] } } },
    shows: [schedule.name, `${schedule.cron} ${schedule.timeZone}`, NAME],
  },
  'schedules show': {
    args: ['schedules', 'show', schedule.name],
    routes: {
      [`GET /schedules/${schedule.name}`]: {
        body: {
          ...{ ...schedule, runs: [run], nextRuns: [AT, AT, AT, AT, AT], queuedAt: AT },
          paused: { at: AT, actor: 'operator ada', reason: LONG },
        },
      },
    },
    shows: [schedule.name, ULID, LONG],
  },
  'operations list': {
    args: ['operations', 'list'],
    routes: {
      'GET /operations': {
        body: {
          operations: [
            {
              ...{ operationId: ULID, action: 'cancel', status: 'running', askedAt: AT },
              ...{ matched: 12345, done: 12345, refused: 12345, refusals: {} },
              ...{ actor: 'operator ada', reason: LONG, filter: {} },
            },
          ],
        },
      },
    },
    shows: [ULID, LONG],
  },
  'dead-letters list': {
    args: ['dead-letters', 'list'],
    routes: {
      'GET /dead-letters': {
        body: {
          total: 12,
          deadLetters: [
            {
              ...{ id: '6d2f0c1e-6d1f-4c4b-9c57-0a3f3d9f6b7a', sentAt: AT, bytes: 1234, body: '' },
              about: [{ type: 'TaskCompleted', orderId: ULID, plugin: 'resize' }],
            },
          ],
        },
      },
    },
    shows: ['6d2f0c1e-6d1f-4c4b-9c57-0a3f3d9f6b7a', `TaskCompleted of order ${ULID} by resize`],
  },
};
