import { parse as readYaml } from 'yaml';
import type { Block } from './blocks.ts';

/** A script is typed command by command; in a session, commands stand behind `$ `, and what they print below. */
export type Kind =
  | 'script'
  | 'session'
  | 'workflow'
  | 'steps'
  | 'service'
  | 'stubs'
  | 'state machine'
  | 'TypeScript'
  | 'foreign TypeScript'
  | 'text'
  | 'query of a log';

/** What a block is. @throws if nobody can say: then its fence has to */
export function kindOf({ page, line, info, text }: Block): Kind {
  switch (info) {
    case 'sh':
      return 'script';
    case 'ts':
    case 'ts handler.ts':
    case 'ts handler.test.ts':
      return 'TypeScript';
    case 'ts aws-cdk-lib':
      return 'foreign TypeScript';
    case 'text':
    case 'hcl':
      return 'text';
    case 'json asl':
      return 'state machine';
    case 'yaml workflow':
      return 'workflow';
    case 'yaml serverless.yml':
      return 'service';
    case 'yaml':
    case '': {
      const kind = /^\$ /m.test(text) ? 'session' : (kindOfYaml(text) ?? kindOfText(text));
      if (kind !== undefined) return kind;
    }
  }
  throw new Error(`${page}, line ${line}: say behind the fence what this block is`);
}

function kindOfYaml(text: string): Kind | undefined {
  let value: unknown;
  try {
    value = readYaml(text);
  } catch {
    return undefined;
  }
  if (Array.isArray(value)) return value.some((one) => one?.plugin) ? 'steps' : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if ('activities' in value) return 'workflow';
  if ('functions' in value) return 'service';
  const parts = Object.values(value);
  const isStub = (one: unknown) => typeof one === 'object' && one !== null;
  return parts.every(isStub) ? 'stubs' : undefined;
}

function kindOfText(text: string): Kind | undefined {
  if (/^(npm|npx|curl|aws|cd|export|printf|git|[A-Z_]+=\S)/.test(text)) return 'script';
  return /^(fields|filter|stats) /.test(text) ? 'query of a log' : undefined;
}
