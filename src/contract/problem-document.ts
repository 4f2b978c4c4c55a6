import * as z from 'zod';
import type { ProblemCode, ProblemDetail, ProblemDocument } from './problem.ts';
import { PROBLEMS } from './problem.ts';

export const problemCodeSchema = z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]);

const detailSchema = z.strictObject({
  path: z.string().exactOptional(),
  line: z.int().exactOptional(),
  message: z.string(),
}) satisfies z.ZodType<ProblemDetail>;

export const problemSchema = z
  .strictObject({
    type: z.string().meta({ example: 'urn:baton:problem:INVALID_REQUEST' }),
    title: z.string(),
    status: z.int(),
    code: problemCodeSchema,
    detail: z.string(),
    path: z.string().exactOptional(),
    line: z.int().exactOptional(),
    errors: z.array(detailSchema).exactOptional(),
  })
  .meta({ id: 'Problem' }) satisfies z.ZodType<ProblemDocument>;

/** What API Gateway itself says, where it refuses a call before Baton is asked. */
export const gatewayErrorSchema = z
  .strictObject({ message: z.string().nullable() })
  .meta({ id: 'GatewayError' });
