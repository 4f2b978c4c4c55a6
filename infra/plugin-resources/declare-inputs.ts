import { isSmallEnough, MAX_INPUT_SCHEMA_BYTES } from '../../src/contract/input-schema.ts';
import type { PackageAnswers } from './ask-packages.ts';
import type { Resource, Service } from './plugin-service.ts';
import { isRegistrationOf, withInputSchema } from './registration.ts';

/**
 * Puts what the packaged functions check their inputs with into their registrations, where their blocks declare no schema.
 * @returns the schemas that are too large to be registered
 */
export function declareInputs(service: Service, answers: PackageAnswers): readonly string[] {
  const resources: Record<string, Resource> = { ...service.resources?.Resources };
  const tooLarge: string[] = [];
  for (const [key, answer] of answers) {
    const inputSchema = 'compensates' in answer ? answer.inputSchema : undefined;
    if (inputSchema === undefined) continue;
    if (!isSmallEnough(inputSchema)) {
      tooLarge.push(
        `function "${key}": the schema of its input has more than ${MAX_INPUT_SCHEMA_BYTES} bytes of JSON, and is not registered`,
      );
      continue;
    }
    const plugin = service.functions[key]?.environment?.BATON_PLUGIN;
    for (const [id, resource] of Object.entries(resources)) {
      if (isRegistrationOf(plugin, resource))
        resources[id] = withInputSchema(resource, inputSchema);
    }
  }
  service.resources = { ...service.resources, Resources: resources };
  return tooLarge;
}
