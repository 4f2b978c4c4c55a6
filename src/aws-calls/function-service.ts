import { connectService, type ServiceOptions } from './aws-service.ts';
import { jsonRefusal } from './json-calls.ts';

/** Lambda, as far as functions are run. */
export interface FunctionCalls {
  /**
   * Runs a function and waits for what it returns. One that throws answers, too: `{ errorType, errorMessage }`.
   * @throws {ServiceError} TooManyRequestsException where no instance is free
   */
  invoke(name: string, event: object): Promise<unknown>;
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function connectFunctionService(
  options: Omit<ServiceOptions, 'name' | 'refusalIn'>,
): FunctionCalls {
  const service = connectService({ ...options, name: 'lambda', refusalIn: jsonRefusal });
  return {
    async invoke(name, event) {
      const text = await service.send({
        path: `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`,
        headers: { 'content-type': 'application/octet-stream' },
        body: JSON.stringify(event),
      });
      return JSON.parse(text || 'null');
    },
  };
}
