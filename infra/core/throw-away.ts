/** Stages whose data nobody misses: a laptop's, a developer's, a test's, a pull request's. */
const THROW_AWAY = /^(dev|test|local|pr-.+)$/;

export const THROW_AWAY_RULE =
  'data goes with its stack in the stages dev, test, local and pr-*, or with --param throw-away=true';

/**
 * Whether a stage's data is deleted with its stack. A stage that is not known as a throw-away one is taken for production: `production`,
 * `live` and `prod-eu` are as dear as `prod`.
 * @param said the parameter `throw-away`, if it is given; the service refuses what is neither true nor false
 */
export function isThrowAway(stage: string, said?: string | boolean): boolean {
  return said === undefined ? THROW_AWAY.test(stage) : String(said) === 'true';
}

/** For how many days functions' logs are kept, where nobody says otherwise. */
export function logRetentionDays(throwAway: boolean): number {
  return throwAway ? 14 : 90;
}
