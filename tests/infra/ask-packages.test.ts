import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HandlerAnswer } from '../../infra/plugin-resources/ask-handler.ts';
import { askHandler } from '../../infra/plugin-resources/ask-handler.ts';
import { askPackages } from '../../infra/plugin-resources/ask-packages.ts';
import { checkCompensations } from '../../infra/plugin-resources/check-compensations.ts';
import { checkRuntimes } from '../../infra/plugin-resources/check-runtimes.ts';
import { declareInputs } from '../../infra/plugin-resources/declare-inputs.ts';
import type { Service } from '../../infra/plugin-resources/plugin-service.ts';
import { unzip } from '../../infra/plugin-resources/unzip.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'baton-check-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What definePlugin makes, as far as it is looked at. */
const plugin = (more = '') =>
  `export const resize = Object.assign(() => {}, { work: { perform: () => 1${more} } });`;
const UNDOES = ', compensate: () => 2';

/** A zip archive: names and texts; those with long texts are deflated. */
function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const isDeflated = text.length > 100;
    const data = isDeflated ? deflateRawSync(text) : Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(isDeflated ? 8 : 0, 4);
    common.writeUInt32LE(crc32(text), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(Buffer.byteLength(text), 18);
    common.writeUInt16LE(name.length, 22);
    const entry = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, rest, Buffer.from(name)]),
    );
    local.push(entry);
    offset += entry.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

describe('a package is unzipped', () => {
  it('with its folders, whether its files are stored or deflated, and nothing lands outside', async () => {
    const long = 'x'.repeat(5000);
    const place = path.join(folder, 'inner');
    await mkdir(place);
    await writeFile(
      path.join(folder, 'a.zip'),
      zipOf({ 'short.mjs': 'short', 'src/long.mjs': long, '../outside.mjs': 'no' }),
    );
    await unzip(path.join(folder, 'a.zip'), place);
    expect(await readFile(path.join(place, 'short.mjs'), 'utf8')).toBe('short');
    expect(await readFile(path.join(place, 'src/long.mjs'), 'utf8')).toBe(long);
    expect(await readdir(folder)).not.toContain('outside.mjs');
  });

  it('unless it is no archive', async () => {
    await writeFile(path.join(folder, 'a.zip'), 'nothing');
    await expect(unzip(path.join(folder, 'a.zip'), folder)).rejects.toThrow('is not a zip archive');
  });
});

describe('a packaged handler is asked', () => {
  const ask = async (text: string, handler = 'handler.resize', withinMs?: number) => {
    await writeFile(path.join(folder, 'handler.mjs'), text);
    return askHandler(folder, handler, { TABLE: 'photos' }, withinMs);
  };

  it('whether it was given `compensate`', async () => {
    expect(await ask(plugin(UNDOES))).toEqual({ compensates: true });
    expect(await ask(plugin())).toEqual({ compensates: false });
  });

  it('and may lie in a folder, and be CommonJS', async () => {
    await mkdir(path.join(folder, 'src'));
    const text = `exports.a = { resize: { work: { perform() {}, compensate() {} } } };`;
    await writeFile(path.join(folder, 'src/handler.cjs'), text);
    expect(await askHandler(folder, 'src/handler.a.resize')).toEqual({ compensates: true });
  });

  it('with its own variables, and nobody’s credentials', async () => {
    const seen = `if (process.env.TABLE !== 'photos' || process.env.AWS_ACCESS_KEY_ID !== 'none') throw new Error('x');`;
    expect(await ask(`${seen}${plugin()}`)).toEqual({ compensates: false });
  });

  it('what its input looks like, where the schema of `input` tells', async () => {
    const schema = `const schema = (input) => ({ '~standard': { jsonSchema: { input } } });`;
    const withInput = (input: string) => ask(`${schema}${plugin(`, input: schema(${input})`)}`);
    expect(await withInput(`({ target }) => ({ type: 'number', $schema: target })`)).toEqual({
      compensates: false,
      inputSchema: { type: 'number', $schema: 'draft-2020-12' },
    });
    expect(await withInput(`() => { throw new Error('a date is no JSON'); }`)).toEqual({
      compensates: false,
    });
    expect(await ask(plugin(', input: { parse: (value) => value }'))).toEqual({
      compensates: false,
    });
  });

  it('and says nothing where another wraps it', async () => {
    expect(await ask('export const resize = () => 1;')).toEqual({ says: 'nothing' });
  });

  it.each([
    ['throws', `throw new Error('no table\\nat all');`, 'no table'],
    ['lacks a module', `import 'not-there-at-all';`, expect.stringContaining('not-there-at-all')],
    ['ends its process', 'process.exit(3);', 'its process ended with 3 as it was loaded'],
    ['fails as it is loaded', 'null.x;', expect.stringContaining('null')],
  ])('and cannot answer if its module %s', async (_, text, failed) => {
    expect(await ask(text)).toEqual({ failed });
  });

  it('and names the exports that there are if its own is none of them, or no function', async () => {
    expect(await ask('export const other = 1; export const more = 2;')).toEqual({
      failed: 'there is no export resize; there are: more, other',
      isExport: true,
    });
    expect(await ask('export const resize = 1;')).toEqual({
      failed: 'the export resize is no function; there are: resize',
      isExport: true,
    });
  });

  it('and is given up if it is not loaded in time; what it leaves running holds up nobody', async () => {
    const failed = 'it is not loaded within 0.5 s';
    expect(
      await ask('await new Promise(() => setInterval(() => {}, 1000));', undefined, 500),
    ).toEqual({ failed });
    expect(await ask(`setInterval(() => {}, 1000); ${plugin()}`)).toEqual({ compensates: false });
  });
});

describe('the packages of a service', () => {
  const check = async (text: string, more: object = {}, compensates?: 'true') => {
    await writeFile(path.join(folder, 'resize.zip'), zipOf({ 'handler.mjs': text }));
    const environment = compensates && { BATON_COMPENSATES: compensates };
    const resize = {
      ...{ handler: 'handler.resize', baton: {}, environment },
      ...{ package: { artifact: 'resize.zip' }, ...more },
    };
    const service = { service: 'photos', provider: {}, functions: { resize } };
    const packaged = service as unknown as Service;
    return checkCompensations(packaged, await askPackages(packaged, folder));
  };
  const nothing = { faults: [], unknown: [] };

  it('are held against what the blocks say', async () => {
    expect(await check(plugin())).toEqual(nothing);
    expect(await check(plugin(UNDOES), {}, 'true')).toEqual(nothing);
    expect(await check(plugin(), {}, 'true')).toEqual({
      ...nothing,
      faults: [
        'function "resize": its block says `compensates: true`, but definePlugin was given no `compensate`',
      ],
    });
    expect(await check(plugin(UNDOES))).toEqual({
      ...nothing,
      faults: [
        'function "resize": definePlugin was given `compensate`, but its block does not say `compensates: true`',
      ],
    });
  });

  it('that cannot be loaded here are named', async () => {
    expect(await check(`import 'sharp-for-another-machine';`, {}, 'true')).toEqual({
      ...nothing,
      unknown: [
        expect.stringMatching(
          /^function "resize": .* at its first task only: .*\(Cannot find package/,
        ),
      ],
    });
  });

  it.each([
    ['without a block', { baton: undefined }],
    ['in another language', { runtime: 'python3.13' }],
    ['in an image', { image: 'repository' }],
    ['packaged elsewhere', { package: {} }],
  ])('of functions %s are left alone', async (_, more) => {
    expect(await check(plugin(UNDOES), more)).toEqual(nothing);
  });

  it('leave nothing behind', async () => {
    await check(plugin());
    expect(await readdir(path.join(folder, '.serverless'))).toEqual([]);
  });
});

describe('the runtime of a packaged plugin', () => {
  const check = (provider: object, own: object, answer: HandlerAnswer = { compensates: false }) =>
    checkRuntimes(
      { provider, functions: { resize: own } } as Pick<Service, 'functions' | 'provider'>,
      new Map([['resize', answer]]),
    );

  // Was: packaged and deployed, and each task failed, as Node 20 has no Promise.withResolvers.
  it('is refused if it is older than what the SDK calls', () => {
    const fault =
      'function "resize": runtime: definePlugin needs nodejs22.x or newer, not nodejs20.x';
    expect(check({ runtime: 'nodejs20.x' }, {})).toEqual([fault]);
    expect(check({ runtime: 'nodejs24.x' }, { runtime: 'nodejs20.x' })).toEqual([fault]);
  });

  it.each([
    ['new enough', { runtime: 'nodejs22.x' }, {}],
    ["its function's", { runtime: 'nodejs20.x' }, { runtime: 'nodejs24.x' }],
    ["the tool's own choice", {}, {}],
  ])('is taken if it is %s', (_, provider, own) => {
    expect(check(provider, own)).toEqual([]);
  });

  it('is left alone where definePlugin is not known to be used', () => {
    expect(check({ runtime: 'nodejs20.x' }, {}, { says: 'nothing' })).toEqual([]);
  });
});

describe('what packaged functions say of their inputs', () => {
  const inputSchema = { type: 'object', properties: { width: { type: 'integer' } } };
  const declare = (inBlock: object, schema: object = inputSchema) => {
    const registrationOf = (name: string) => ({
      Type: 'Custom::BatonPlugin',
      Properties: { Definition: JSON.stringify({ name, ...inBlock }) },
    });
    const service = {
      functions: { resizeLow: { environment: { BATON_PLUGIN: 'resize-low' } } },
      resources: { Resources: { A: registrationOf('resize-low'), B: registrationOf('other') } },
    } as unknown as Service;
    const tooLarge = declareInputs(
      service,
      new Map([['resizeLow', { compensates: false, inputSchema: schema }]]),
    );
    const [own, other] = Object.values(service.resources?.Resources ?? {}).map(({ Properties }) =>
      JSON.parse(String(Properties.Definition)),
    );
    return { own, other, tooLarge };
  };

  it('is registered, of each its own', () => {
    const { own, other } = declare({});
    expect(own).toEqual({ name: 'resize-low', inputSchema });
    expect(other).toEqual({ name: 'other' });
  });

  it('gives way to what the block says', () => {
    expect(declare({ inputSchema: { type: 'number' } }).own.inputSchema).toEqual({
      type: 'number',
    });
  });

  it('is left out where it is too large, which is told', () => {
    const { own, tooLarge } = declare({}, { description: 'x'.repeat(9000) });
    expect(own).toEqual({ name: 'resize-low' });
    expect(tooLarge).toEqual([expect.stringContaining('function "resizeLow"')]);
  });
});
