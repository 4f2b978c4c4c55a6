import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { json } from '../../src/cli/api.ts';
import type { Demonstration } from './demonstration.ts';

const PLUGINS = new URL('../../plugins/', import.meta.url);
const WORKFLOWS = [
  'security/workflows/security-event.yml',
  'security/workflows/unit-event.yml',
  'imaging/workflows/imaging.yml',
  'travel/workflows/trip.yml',
];

/** Stores the workflows of the sample services and the contract of client X. Nothing has to be deployed for that. */
export async function setUp({ api, checks }: Demonstration): Promise<void> {
  checks.title('Workflows, and a contract for client X');
  for (const file of WORKFLOWS) {
    const name = basename(file, '.yml');
    const content = { body: await readFile(new URL(file, PLUGINS)), mediaType: 'application/yaml' };
    const { body } = await api.put<{ name: string; version: number }>(
      `/workflows/${name}`,
      content,
    );
    checks.pass(`${name}, version ${body.version}`, checks.equal(`${file}: name`, body.name, name));
  }
  const contract = { workflow: 'imaging' };
  await api.put('/clients/X', json(contract));
  const stored = await api.get<{ workflow?: string }>('/clients/X');
  checks.pass(
    'client X: an order is an image, and runs the workflow imaging',
    checks.equal("client X's contract", stored.workflow, contract.workflow),
  );
}
