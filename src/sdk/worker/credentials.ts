import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { Clock } from '../runtime.ts';

/** Credentials, and when they end, if they do. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

/** Services hand out new credentials some minutes before the old ones end. */
const AHEAD_MS = 5 * 60_000;
const SHORTEST_PAUSE_MS = 30_000;

/**
 * Writes the container's credentials into the worker's variables, and renews them before they end. ECS, EKS (pod identities and service
 * accounts), EC2 and profiles are asked as the AWS SDK asks them. Credentials that stand in the environment already are left as they are.
 * They go into the worker's own variables only: the plugin's own clients ask for themselves.
 *
 * @returns ends the renewals
 * @throws {Error} when there are none
 */
export async function keepCredentials(
  variables: NodeJS.ProcessEnv,
  clock: Clock,
  onFailure: (error: unknown) => void,
  ask: () => Promise<Credentials> = defaultProvider(),
): Promise<() => void> {
  if (variables.AWS_ACCESS_KEY_ID) return () => undefined;
  let cancelTimer: () => void = () => undefined;
  const renewAfter = (expiration: Date | undefined) => {
    if (expiration === undefined) return;
    const pauseMs = expiration.getTime() - clock.now() - AHEAD_MS;
    cancelTimer = clock.after(Math.max(SHORTEST_PAUSE_MS, pauseMs), () => void renew(expiration));
  };
  const renew = async (old: Date) => {
    try {
      renewAfter(write(await ask()));
    } catch (error) {
      onFailure(error);
      renewAfter(old);
    }
  };
  const write = ({ accessKeyId, secretAccessKey, sessionToken, expiration }: Credentials) => {
    variables.AWS_ACCESS_KEY_ID = accessKeyId;
    variables.AWS_SECRET_ACCESS_KEY = secretAccessKey;
    variables.AWS_SESSION_TOKEN = sessionToken;
    return expiration;
  };
  renewAfter(write(await ask()));
  return () => cancelTimer();
}
