import { cp, glob, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT } from './command.ts';

/** Lies inside the project, in a folder that git ignores. */
const FOLDER = path.join(PROJECT, '.baton/verify/project');

const COPIED = [
  'package.json',
  'tsconfig.json',
  'serverless.yml',
  'src',
  'infra',
  'plugins',
  'examples',
];
const LEFT_OUT = new Set(['.serverless', '.esbuild', 'node_modules']);

/** A copy of the project to deploy from and to change, while the project itself may be in use. */
export class WorkingCopy {
  readonly folder = FOLDER;

  static async make(): Promise<WorkingCopy> {
    await rm(FOLDER, { recursive: true, force: true });
    await mkdir(FOLDER, { recursive: true });
    for (const name of COPIED) {
      await cp(path.join(PROJECT, name), path.join(FOLDER, name), {
        recursive: true,
        filter: (source) => !LEFT_OUT.has(path.basename(source)),
      });
    }
    // The local stack's bundles lie elsewhere, and find native packages through a link to this folder.
    await symlink(path.join(PROJECT, 'node_modules'), path.join(FOLDER, 'node_modules'));
    return new WorkingCopy();
  }

  /** The folders with a serverless.yml; the core's is `.`. */
  async services(): Promise<readonly string[]> {
    const plugins: string[] = [];
    for await (const file of glob('plugins/*/serverless.yml', { cwd: FOLDER })) {
      plugins.push(path.dirname(file));
    }
    return ['.', ...plugins.sort()];
  }

  path(...parts: readonly string[]): string {
    return path.join(FOLDER, ...parts);
  }

  /** Replaces a text in a file. @throws if the file does not contain it */
  async change(file: string, text: string, replacement: string): Promise<void> {
    const before = await readFile(this.path(file), 'utf8');
    if (!before.includes(text)) throw new Error(`${file} has no ${JSON.stringify(text)} to change`);
    await writeFile(this.path(file), before.replace(text, replacement));
  }

  async copyService(from: string, to: string): Promise<void> {
    await cp(this.path(from), this.path(to), {
      recursive: true,
      filter: (source) => !LEFT_OUT.has(path.basename(source)),
    });
  }

  async remove(): Promise<void> {
    await rm(FOLDER, { recursive: true, force: true });
  }
}
