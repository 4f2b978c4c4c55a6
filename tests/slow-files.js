/**
 * Seconds that the longest test files take on two quiet cores. Most of them wait for queues and processes: begun early, they wait beside
 * the others. A fresh clone has measured nothing, and would begin the small ones of them last.
 */
export const SECONDS = {
  'local/start': 88,
  'stack/crashing-plugins': 78,
  'local/ending': 61,
  'infra/core': 46,
  'stack/kill': 41,
  'local/damaged-files': 38,
  'simulation/every-call-of-features': 70,
  'simulation/every-call': 37,
  'local/environment': 31,
  'stack/joining': 29,
  'sdk/shared-fate-on-queues': 25,
  'aws/table': 25,
  'infra/existing-data': 24,
  'expressions/greedy': 23,
  'stack/side-by-side': 22,
  'local/reset': 19,
  'aws/stored-entries': 18,
  'stack/greedy-expressions': 18,
  'bench/counts': 16,
  'simulation/orders-end': 15,
  'cli/commands': 15,
  'local/store-failures': 15,
  'infra/outside-service': 14,
  'local/auth': 13,
  'infra/deployer-policy': 12,
  'infra/services': 12,
};
