import type { DeployedStack } from '../stacks/describe-stack.ts';
import { type Adoptable, adoptedOutput } from './adopt.ts';
import { CoreError, type CoreSettings, prefixOf } from './core-service.ts';

const PARAMETERS = { Table: 'existing-table', Bucket: 'existing-bucket' } as const;

/**
 * Refuses a deployment that would put another table or bucket in the place of the one in use.
 * @param deployed the stack as it is now; nothing if this is its first deployment
 * @throws {CoreError}
 */
export function guardData(core: CoreSettings, deployed: DeployedStack | undefined): void {
  if (deployed === undefined) return;
  for (const id of Object.keys(PARAMETERS) as Adoptable[]) {
    const given = core.existing[id];
    const adopted = deployed.outputs.get(adoptedOutput(id));
    const parameter = PARAMETERS[id];
    // Without the parameter, the stack would make a new one, and work on that.
    if (adopted !== undefined && given === '') {
      throw new CoreError(
        `${prefixOf(core)} uses the existing ${id.toLowerCase()} ${adopted}: give --param ${parameter}=${adopted} again, or write it into serverless.yml (params.${core.stage})`,
      );
    }
    // The stack's own would leave the template, and its deletion policy says what becomes of it.
    const own = adopted === undefined && deployed.outputs.has('HttpApiId');
    if (own && given !== '' && core.throwAway) {
      throw new CoreError(
        `${parameter}: ${prefixOf(core)} has a ${id.toLowerCase()} of its own, which would be deleted with its data; deploy with --param throw-away=false first`,
      );
    }
  }
}
