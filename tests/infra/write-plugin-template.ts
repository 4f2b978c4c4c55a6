// `node tests/infra/write-plugin-template.ts`: writes docs/plugin-template.yml as the Serverless plugin has it now.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT, packageOutside } from './package-service.ts';
import { pluginTemplate } from './plugin-template.ts';

const packaged = await packageOutside(path.join(PROJECT, 'plugins/arithmetic'));
writeFileSync(path.join(PROJECT, 'docs/plugin-template.yml'), pluginTemplate(packaged));
