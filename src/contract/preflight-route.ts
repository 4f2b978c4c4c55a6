/**
 * The route of a browser's preflight, which carries no token: `$default` would ask for one. It is there only with `cors-origins`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export const PREFLIGHT_ROUTE = 'OPTIONS /{proxy+}';
