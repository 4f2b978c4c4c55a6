import type { Refusal, Service, ServiceRequest } from './aws-service.ts';

/** By their names, what a service's operations take and give. */
export type Operations = Readonly<Record<string, readonly [input: object, output: object]>>;

/**
 * Calls an operation of a service.
 * @param signal calls it off
 * @throws {ServiceError} named as the service names the error
 */
export type Calls<Known extends Operations> = <Name extends keyof Known & string>(
  operation: Name,
  input: Known[Name][0],
  signal?: AbortSignal,
) => Promise<Known[Name][1]>;

/** Operations of the protocol in which SQS, DynamoDB and CloudWatch speak: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
export function jsonCalls<Known extends Operations>(
  service: Service,
  prefix: string,
  originOf: (input: object) => Pick<ServiceRequest, 'origin'> = () => ({}),
): Calls<Known> {
  return async (operation, input, signal) => {
    const text = await service.send({
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `${prefix}.${operation}`,
      },
      body: JSON.stringify(input),
      ...originOf(input),
      signal,
    });
    return JSON.parse(text || '{}');
  };
}

/** The code stands in the body, `com.amazonaws.sqs#QueueDoesNotExist`, or in a header, `ResourceInUseException:http://…`. */
export function jsonRefusal(text: string, headers: Readonly<Record<string, string>>): Refusal {
  const details = parsed(text);
  const named = headers['x-amzn-errortype'] ?? details?.__type;
  const code = named?.split(':')[0]?.split('#').at(-1);
  const message = details ? (details.message ?? details.Message ?? '') : text.slice(0, 200);
  return { code, message, details };
}

function parsed(text: string): Readonly<Record<string, string>> | undefined {
  try {
    return JSON.parse(text) as Readonly<Record<string, string>>;
  } catch {
    return undefined;
  }
}
