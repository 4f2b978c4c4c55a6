import type { Document, Node } from 'yaml';
import { isCollection, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Json } from '../core/json.ts';
import { isSameNumber } from './decimal.ts';
import { checkDepth } from './json-text.ts';
import { pathDetail } from './parse.ts';
import type { ProblemDetail } from './problem.ts';
import { Problem } from './problem.ts';

/** A document may repeat itself by aliases this often; a few aliases within each other would fill the memory. */
const MAX_ALIASES = 20;

/**
 * The value of a YAML text, as JSON could say it: keys are text as they are written, and what would change is refused, by the
 * rules of `readJson`.
 * @throws {Problem} MALFORMED_BODY, or INVALID_REQUEST, with the line.
 */
export function readYaml(text: string): Json {
  const { document, lineOf } = parseYaml(text);
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    throw new Problem('MALFORMED_BODY', [
      { message: PLAIN_WORDS[syntax.code] ?? reasonOf(syntax), line: lineOf(syntax.pos[0]) },
    ]);
  }
  const value = treeOf(document, lineOf);
  const losses = [...misreadIn(document, lineOf), ...lossesIn(document, lineOf)];
  if (losses.length > 0) throw new Problem('INVALID_REQUEST', losses);
  return value as Json;
}

/** Errors of which the library speaks as to whoever calls it. */
const PLAIN_WORDS: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second document begins here, and only one is taken',
  NON_STRING_KEY: 'a key is text here: no list, no object, and nothing with a tag',
};

/** Where in a YAML or JSON text the value at a path stands, or the nearest value around it. Lines are counted from 1. */
export function locator(text: string): (path: string) => number | undefined {
  const { document, lineOf } = parseYaml(text);
  return (path) => {
    const keys = path.match(/[^.[\]]+/g) ?? [];
    for (let depth = keys.length; depth > 0; depth -= 1) {
      const node = document.getIn(keys.slice(0, depth), true) as { range?: [number] } | undefined;
      if (node?.range) return lineOf(node.range[0]);
    }
    return undefined;
  };
}

/** What a parser said; they all recurse on the stack. */
export function reasonOf(error: unknown): string {
  const reason = (error as { message?: string }).message ?? String(error);
  return reason.includes('call stack') ? 'this nests too deep' : (reason.split('\n')[0] ?? reason);
}

function parseYaml(text: string) {
  const lines = new LineCounter();
  // Pretty errors, each with its excerpt, would make a text full of them take half a minute.
  // What tags such as !!set or !!binary stand for is no JSON: they are like other unknown tags.
  const options = {
    ...{ lineCounter: lines, prettyErrors: false, stringKeys: true },
    resolveKnownTags: false,
  } as const;
  const document = parseDocument(text, options);
  return { document, lineOf: (offset: number) => lines.linePos(offset).line };
}

/** @throws {Problem} for a document that is no tree, or a tree too deep or too wide. */
function treeOf(document: Document, lineOf: (offset: number) => number): unknown {
  let value: unknown;
  let text: string | undefined;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
    text = JSON.stringify(value);
  } catch (error) {
    // Aliases without end, or around in a circle.
    const circle = circleIn(document, lineOf) ?? { message: reasonOf(error) };
    throw new Problem('MALFORMED_BODY', [circle]);
  }
  checkDepth(text ?? '');
  return value;
}

/** The first alias within the value that it names. */
function circleIn(
  document: Document,
  lineOf: (offset: number) => number,
): ProblemDetail | undefined {
  let circle: ProblemDetail | undefined;
  visit(document, {
    Alias(_, alias, above) {
      const { source, range } = alias;
      // To resolve an alias is to walk the whole document: few have an anchor of their name above them.
      if (!above.some((node) => isCollection(node) && node.anchor === source)) return undefined;
      if (!above.some((node) => node === alias.resolve(document))) return undefined;
      const path = pathOf([...above, alias]);
      const message = `*${source} stands within the value that it names`;
      circle = { ...pathDetail(path, message), line: lineOf(range?.[0] ?? 0) };
      return visit.BREAK;
    },
  });
  return circle;
}

/** What the library reads in another way than it is written, with a warning at most: tags, directives. */
function misreadIn(
  { warnings, directives }: Document.Parsed,
  lineOf: (offset: number) => number,
): ProblemDetail[] {
  const { explicit, version } = directives.yaml;
  const old = `the text says that it is YAML ${version}; only 1.2 is read`;
  return [
    ...(explicit === true && version !== '1.2' ? [{ message: old, line: 1 }] : []),
    ...warnings
      .filter(({ code }) => code !== 'BAD_INDENT')
      .map(({ message, pos }) => ({ message: plainWarning(message), line: lineOf(pos[0]) })),
  ];
}

/** `!Ref Bucket` would be the text `Bucket`: tags mean something to the tool for which they were written. */
function plainWarning(message: string): string {
  const tag = /^Unresolved tag: (.*)$/s.exec(message)?.[1];
  if (tag === undefined) return message;
  return `the tag ${tag.replace(/^tag:yaml\.org,2002:/, '!!')} is not known here, or does not fit its value`;
}

function lossesIn(document: Document, lineOf: (offset: number) => number): ProblemDetail[] {
  const losses: ProblemDetail[] = [];
  visit(document, {
    Node(key, node, above) {
      const reason = reasonAgainst(key, node);
      if (reason === undefined) return;
      const path = pathOf([...above, node]);
      losses.push({ ...pathDetail(path, reason), line: lineOf(node.range?.[0] ?? 0) });
    },
  });
  return losses;
}

function reasonAgainst(key: unknown, node: Node): string | undefined {
  if (!isScalar(node)) return undefined;
  const { value, source = '' } = node;
  if (key === 'key' && value === '__proto__') return 'this key is not taken';
  if (typeof value === 'string' && !value.isWellFormed()) {
    return 'half of a surrogate pair is no character';
  }
  if (typeof value !== 'number' || isSameNumber(source, value)) return undefined;
  if (/^0[xo]/.test(source) && BigInt(source) === BigInt(value)) return undefined;
  return `${source} would become ${value}; write it as text`;
}

/** The path to the last of the nodes, each of which holds the next. */
function pathOf(nodes: readonly unknown[]): readonly PropertyKey[] {
  return nodes.flatMap((node, depth): readonly PropertyKey[] => {
    if (isPair(node)) return [isScalar(node.key) ? String(node.key.value) : String(node.key)];
    return isSeq(node) && depth + 1 < nodes.length ? [node.items.indexOf(nodes[depth + 1])] : [];
  });
}
