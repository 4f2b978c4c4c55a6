import type { ServiceName } from './aws-service.ts';

/** Domains of the partitions beside the usual one, by what their regions begin with. A test compares them with the SDK's. */
const DOMAINS: readonly (readonly [regions: string, domain: string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['eusc-', 'amazonaws.eu'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
];

/** Where a region has a service: https://docs.aws.amazon.com/general/latest/gr/rande.html */
export function regionalOrigin(service: ServiceName, region: string): string {
  const [, domain] = DOMAINS.find(([regions]) => region.startsWith(regions)) ?? [];
  return `https://${service}.${region}.${domain ?? 'amazonaws.com'}`;
}
