import { Problem } from '../../contract/problem.ts';
import {
  actRequestSchema,
  cancelRequestSchema,
  retryRequestSchema,
  skipRequestSchema,
} from '../../contract/requests.ts';
import { defined } from '../../core/defined.ts';
import type { ActRequested } from '../../core/event.ts';
import type { EnginePorts } from '../../engine/engine-ports.ts';
import { applyWish } from '../../engine/wish.ts';
import { TooLargeError } from '../../ports/too-large.ts';
import type { Caller } from '../access/caller.ts';
import { noOrder, orderIdIn } from '../access/permissions.ts';
import type { ApiRequest } from '../http/api-request.ts';
import {
  jsonBody,
  MAX_BODY_BYTES,
  MAX_RESULT_BODY_BYTES,
  optionalBody,
} from '../http/api-request.ts';
import type { Route } from '../http/http-api.ts';
import { fingerprintOf, idempotencyKey } from '../intake/order-identity.ts';
import { checkSize } from '../intake/order-intake.ts';

export interface ActPorts extends EnginePorts {
  /** What one order's input may take as JSON; that of a retry, too. */
  readonly maxInputBytes: number;
}

/** What may be asked of one order, or of a task of it. Each is applied here and now: no queue holds it, however long the backlog is. */
export function actRoutes(ports: ActPorts): readonly Route[] {
  const route = (act: string, eventOf: EventOf): Route => ({
    method: 'POST',
    path: `/orders/{orderId}/${act}`,
    handle: (request) => applyAct(request, eventOf, ports),
  });
  return [
    route('cancel', async (request, act) => {
      const { reason, undo } = optionalBody(cancelRequestSchema, request);
      const kept = defined({ reason, undo: undo === false ? undo : undefined });
      return { type: 'CancelRequested', ...act, ...kept };
    }),
    route('pause', async (request, act) => {
      return {
        type: 'PauseRequested',
        ...act,
        ...defined(optionalBody(actRequestSchema, request)),
      };
    }),
    route('resume', async (request, act) => {
      return {
        type: 'ResumeRequested',
        ...act,
        ...defined(optionalBody(actRequestSchema, request)),
      };
    }),
    route('retry', async (request, act) => {
      const { version: asked, ...rest } = optionalBody(retryRequestSchema, request, MAX_BODY_BYTES);
      if (rest.input !== undefined) checkSize('input', rest.input, ports.maxInputBytes);
      // Another input might refer to other clients' files.
      if (request.caller.kind === 'client' && (asked !== undefined || rest.input !== undefined)) {
        throw new Problem('FORBIDDEN', 'a client retries its orders as they are');
      }
      const version = asked && (await versionNumber(orderIdIn(request), asked, ports));
      return { type: 'RetryRequested', ...act, ...defined({ ...rest, version }) };
    }),
    route('tasks/{job}/cancel', async (request, act) => {
      const { reason } = optionalBody(actRequestSchema, request);
      return { type: 'TaskCancelRequested', ...act, job: jobIn(request), ...defined({ reason }) };
    }),
    route('skip', async (request, act) => {
      const { task: job, ...rest } = optionalBody(
        skipRequestSchema,
        request,
        MAX_RESULT_BODY_BYTES,
      );
      return { type: 'SkipRequested', ...act, job, ...defined(rest) };
    }),
  ];
}

/** A job's name may hold a `#`, which API Gateway decodes and the local stack does not. */
function jobIn({ params: { job = '' } }: ApiRequest): string {
  try {
    return decodeURIComponent(job);
  } catch {
    return job;
  }
}

type Act = Pick<ActRequested, 'at' | 'actId' | 'askedAt' | 'actor' | 'fingerprint'>;

type EventOf = (request: ApiRequest, act: Act) => Promise<ActRequested>;

async function applyAct(request: ApiRequest, eventOf: EventOf, ports: EnginePorts) {
  const orderId = orderIdIn(request);
  const event = await eventOf(request, actOf(request, ports.clock()));
  const outcome = await applied(orderId, event, ports);
  if (!outcome.known) throw noOrder(orderId);
  const { state, refusal } = outcome;
  if (refusal !== undefined)
    throw new Problem(refusal.code, `order ${orderId}: ${refusal.message}`);
  const { status, workflow } = state;
  const { name, version } = workflow;
  return { status: 200, body: { orderId, status, workflow: name, version } };
}

/** @throws {Problem} TOO_LARGE when the order has no room for what the act brings */
async function applied(orderId: string, event: ActRequested, ports: EnginePorts) {
  try {
    return await applyWish(orderId, event, ports);
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    throw new Problem('TOO_LARGE', `it does not fit into order ${orderId}: ${error.message}`);
  }
}

/** Under one key, an act is one act however often it is sent; an entry of any age may hold it. */
function actOf(request: ApiRequest, at: number): Act {
  const actor = actorOf(request.caller);
  const key = idempotencyKey(request);
  if (key === undefined) return { at, actId: request.requestId, askedAt: at, actor };
  const { job = null } = request.params;
  const body = request.body.length > 0 ? jsonBody(request, MAX_BODY_BYTES) : {};
  const fingerprint = fingerprintOf([job, body]);
  return { at, actId: `key-${fingerprintOf(key)}`, askedAt: 0, actor, fingerprint };
}

export function actorOf(caller: Caller): string {
  if (caller.kind === 'client') return `client ${caller.client}`;
  return caller.name === undefined ? 'operator' : `operator ${caller.name}`;
}

/** @throws {Problem} NOT_FOUND, UNKNOWN_WORKFLOW */
export async function versionNumber(
  orderId: string,
  asked: number | 'latest',
  { journal, workflows }: Pick<EnginePorts, 'journal' | 'workflows'>,
): Promise<number> {
  const state = (await journal.latest(orderId))?.state;
  if (state === undefined) throw noOrder(orderId);
  const { name } = state.workflow;
  const workflow =
    asked === 'latest'
      ? await workflows.latest(name)
      : await workflows.get({ name, version: asked });
  if (workflow !== undefined) return workflow.version;
  const message = `version: ${name} has no version ${asked}`;
  throw new Problem('UNKNOWN_WORKFLOW', [{ path: 'version', message }]);
}
