/**
 * The one place that holds prices: AWS's public list prices of us-east-1 in US dollars, without free tiers, discounts and taxes.
 * Change a price here, with its date, and run `npm run bench`.
 */
export const PRICES = {
  region: 'us-east-1',
  asOf: '2026-11',
  perMillion: {
    /** Standard queues: https://aws.amazon.com/sqs/pricing/ */
    sqsRequests: 0.4,
    /** Standard topics; delivery to SQS and Lambda is free: https://aws.amazon.com/sns/pricing/ */
    snsRequests: 0.5,
    /** On-demand, since November 2024: https://aws.amazon.com/dynamodb/pricing/on-demand/ */
    writeUnits: 0.625,
    readUnits: 0.125,
    /** https://aws.amazon.com/lambda/pricing/ */
    invocations: 0.2,
    /** Arm, the first tier: https://aws.amazon.com/lambda/pricing/ */
    lambdaGbSeconds: 13.33,
    /** https://aws.amazon.com/step-functions/pricing/ */
    standardTransitions: 25,
    expressRequests: 1,
    /** The first tier. */
    expressGbSeconds: 16.67,
    /** Lambda durable functions, since December 2025: https://aws.amazon.com/lambda/pricing/ */
    durableOperations: 8,
    /** HTTP API, the first tier; no row of the bench holds it: https://aws.amazon.com/api-gateway/pricing/ */
    httpApiCalls: 1,
  },
  perGb: {
    /** Ingestion into CloudWatch Logs, standard class: https://aws.amazon.com/cloudwatch/pricing/ */
    logs: 0.5,
    /** What durable functions write: https://aws.amazon.com/lambda/pricing/ */
    durableData: 0.25,
  },
} as const;
