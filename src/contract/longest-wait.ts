/**
 * How long a call may wait for its order, in seconds. API Gateway ends every call after 30, and before the order can be waited for it has to
 * be stored: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
export const MAX_WAIT_SECONDS = 25;
