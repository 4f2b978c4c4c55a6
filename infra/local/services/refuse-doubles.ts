import { LocalError } from '../local-error.ts';
import type { LoadedService } from './load-service.ts';

/** @throws {LocalError} when two services bear one name */
export function refuseDoubles(services: LoadedService[]): void {
  for (const [index, { name, folder }] of services.entries()) {
    const other = services.slice(0, index).find((earlier) => earlier.name === name);
    if (other)
      throw new LocalError(
        `The service name ${name} is used twice, in ${other.folder} and ${folder}.`,
      );
  }
}
