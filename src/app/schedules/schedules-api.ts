import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { parse } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import { actRequestSchema } from '../../contract/requests.ts';
import type { ScheduleDefinition } from '../../contract/schedule-definition.ts';
import {
  scheduleDefinitionSchema,
  scheduleNameSchema,
} from '../../contract/schedule-definition.ts';
import { defined } from '../../core/defined.ts';
import type { RecordedSchedule, Schedule } from '../../ports/schedules.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { jsonBody, optionalBody } from '../http/api-request.ts';
import { httpApi } from '../http/http-api.ts';
import { pageByName } from '../http/paging.ts';
import { createLookups } from '../intake/lookups.ts';
import { prepareOrder } from '../intake/order-intake.ts';
import { actorOf } from '../orders/acts-api.ts';
import type { FiringPorts } from './fire-schedules.ts';
import { withLookAt } from './look-at.ts';
import { scheduleRow, scheduleView } from './schedule-view.ts';
import { timingOf } from './timing.ts';

/** What a call needs: it fires nothing. */
export type SchedulesPorts = Pick<
  FiringPorts,
  'schedules' | 'clock' | 'objects' | 'maxInputBytes'
> &
  Parameters<typeof createLookups>[0];

/** A schedule is one item of the table, with its latest runs beside the input. */
const MAX_SCHEDULED_INPUT_BYTES = 64 * 1024;

/** The input and its attributes, written with spaces. */
const MAX_SCHEDULE_BYTES = 4 * MAX_SCHEDULED_INPUT_BYTES;

/** Others that change the same schedule at the same moment. */
const MOST_RACES = 5;

export function makeSchedules(ports: SchedulesPorts) {
  return httpApi([
    {
      method: 'GET',
      path: '/schedules',
      readsQuery: true,
      handle: (request) => listSchedules(request, ports),
    },
    { method: 'PUT', path: '/schedules/{name}', handle: (request) => putSchedule(request, ports) },
    {
      method: 'GET',
      path: '/schedules/{name}',
      handle: async (request) => answer(await found(nameIn(request), ports)),
    },
    {
      method: 'DELETE',
      path: '/schedules/{name}',
      handle: (request) => deleteSchedule(request, ports),
    },
    {
      method: 'POST',
      path: '/schedules/{name}/pause',
      handle: (request) => pauseSchedule(request, ports),
    },
    {
      method: 'POST',
      path: '/schedules/{name}/resume',
      handle: (request) => resumeSchedule(request, ports),
    },
  ]);
}

async function listSchedules({ query }: ApiRequest, { schedules }: SchedulesPorts) {
  const { page, ...next } = pageByName(await schedules.list(), query);
  return { status: 200, body: { schedules: page.map(scheduleRow), ...next } };
}

/** A schedule that is put again keeps its runs, stays paused if it was, and keeps its next run unless it is another time now. */
async function putSchedule(request: ApiRequest, ports: SchedulesPorts) {
  const { name } = parse(z.object({ name: scheduleNameSchema }), request.params);
  const body = jsonBody(request, MAX_SCHEDULE_BYTES);
  const definition = parse(scheduleDefinitionSchema, body);
  const now = ports.clock();
  const since = now - (now % 60_000);
  const nextAt = timingOf(definition, since).after(now);
  if (nextAt === undefined) {
    throw new Problem('INVALID_REQUEST', [{ path: 'cron', message: 'cron: it never comes' }]);
  }
  await checkOrder(request, definition, ports);
  let isNew = false;
  const stored = await change(name, ports, (read) => {
    isNew = read === undefined;
    if (read === undefined) return { name, definition, since, nextAt, runs: [] };
    const isSameTime = isDeepStrictEqual(timeOf(read.definition), timeOf(definition));
    return isSameTime ? { ...read, definition } : { ...read, definition, since, nextAt };
  });
  return { ...answer(stored), status: isNew ? 201 : 200 };
}

function timeOf({ cron, every, timeZone }: ScheduleDefinition) {
  return { cron, every, timeZone };
}

/** What the orders will ask for is refused now, and not at night. */
async function checkOrder(
  { caller }: ApiRequest,
  definition: ScheduleDefinition,
  ports: SchedulesPorts,
): Promise<void> {
  const { cron, every, timeZone, overlap, catchUp, ...order } = definition;
  const maxInputBytes = Math.min(MAX_SCHEDULED_INPUT_BYTES, ports.maxInputBytes);
  const who = { caller, key: undefined, scope: '' };
  await prepareOrder(defined(order), who, createLookups(ports), { ...ports, maxInputBytes });
}

async function deleteSchedule(request: ApiRequest, ports: SchedulesPorts) {
  const name = nameIn(request);
  for (let races = 0; races < MOST_RACES; races += 1) {
    const read = await found(name, ports);
    if (await ports.schedules.remove(read)) return answer(read);
  }
  throw raced(name);
}

async function pauseSchedule(request: ApiRequest, ports: SchedulesPorts) {
  const { reason } = optionalBody(actRequestSchema, request);
  // A pause that stands stays as it is.
  const paused = { at: ports.clock(), actor: actorOf(request.caller), ...defined({ reason }) };
  return answer(await changeFound(request, ports, (read) => ({ paused, ...read })));
}

/** Runs that came while it was paused do not take place. */
async function resumeSchedule(request: ApiRequest, ports: SchedulesPorts) {
  optionalBody(actRequestSchema, request);
  const now = ports.clock();
  return answer(
    await changeFound(request, ports, ({ paused, nextAt, ...read }) => {
      const next = paused === undefined ? nextAt : timingOf(read.definition, read.since).after(now);
      return { ...read, ...defined({ nextAt: next }) };
    }),
  );
}

async function changeFound(
  request: ApiRequest,
  ports: SchedulesPorts,
  changed: (read: Schedule) => Schedule,
): Promise<Schedule> {
  const name = nameIn(request);
  return change(name, ports, (read) => changed(read ?? refuse(name)));
}

/** Others may change the same schedule at the same moment: then it is read again. */
async function change(
  name: string,
  { schedules, clock }: SchedulesPorts,
  changed: (read: Schedule | undefined) => Schedule,
): Promise<Schedule> {
  for (let races = 0; races < MOST_RACES; races += 1) {
    const read = await schedules.get(name);
    const next = withLookAt(changed(read), clock());
    if (await schedules.put(next, read)) return next;
  }
  throw raced(name);
}

async function found(name: string, { schedules }: SchedulesPorts): Promise<RecordedSchedule> {
  return (await schedules.get(name)) ?? refuse(name);
}

/** @throws {Problem} NOT_FOUND for what can be the name of none */
function nameIn({ params: { name = '' } }: ApiRequest): string {
  return scheduleNameSchema.safeParse(name).success ? name : refuse(name);
}

function refuse(name: string): never {
  throw new Problem('NOT_FOUND', `there is no schedule ${name}`);
}

function raced(name: string): Problem {
  return new Problem('UNAVAILABLE', `schedule ${name} is being changed; repeat the request`);
}

function answer(schedule: Schedule) {
  return { status: 200, body: scheduleView(schedule) };
}
