import { connectService, type ServiceOptions } from './aws-service.ts';
import { type Calls, jsonCalls, jsonRefusal } from './json-calls.ts';

export interface MetricDataQuery {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
  readonly ReturnData: boolean;
}

/** The operation of CloudWatch that Baton calls. Instants are seconds since 1970. */
export type MetricOperations = {
  GetMetricData: [
    {
      readonly MetricDataQueries: readonly MetricDataQuery[];
      readonly StartTime: number;
      readonly EndTime: number;
      readonly ScanBy: 'TimestampDescending';
      readonly NextToken?: string;
    },
    {
      readonly MetricDataResults?: readonly {
        readonly Id?: string;
        readonly Values?: readonly number[];
      }[];
      readonly NextToken?: string;
    },
  ];
};

export type MetricCalls = Calls<MetricOperations>;

export function connectMetricService(
  options: Omit<ServiceOptions, 'name' | 'refusalIn'>,
): MetricCalls {
  const service = connectService({ ...options, name: 'monitoring', refusalIn: jsonRefusal });
  return jsonCalls(service, 'GraniteServiceVersion20100801');
}
