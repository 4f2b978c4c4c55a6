/** A mutant: what stands in the code, and what StrykerJS put in its place. White space counts as one space. */
export interface Mutant {
  readonly file: string;
  /** The line on which it begins, without its indentation. */
  readonly line: string;
  readonly was: string;
  readonly becomes: string;
}

/** Mutants that no test can or need notice, and why. */
export interface Accepted {
  readonly reason: string;
  readonly mutants: readonly Mutant[];
}

/** What is read of a report. @see https://github.com/stryker-mutator/mutation-testing-elements/tree/master/packages/report-schema */
export interface Report {
  readonly files: Readonly<Record<string, ReportedFile>>;
}

interface ReportedFile {
  readonly source: string;
  readonly mutants: readonly ReportedMutant[];
}

interface ReportedMutant {
  readonly status: string;
  readonly replacement?: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

/** Lines and columns count from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** What the report has against the list: mutants that survived and are not on it, and mutants on it that did not survive. */
export function compared(report: Report, accepted: readonly Accepted[]) {
  const survivors = Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .map((mutant) => mutantIn(file, source, mutant)),
  );
  const listed = accepted.flatMap(({ mutants }) => mutants);
  return {
    unexpected: survivors.filter((one) => !listed.some((other) => isSame(one, other))),
    outdated: listed.filter(
      (one) => one.file in report.files && !survivors.some((other) => isSame(one, other)),
    ),
  };
}

export function inWords({ file, line, was, becomes }: Mutant): string {
  return `${file}: ${line}\n  - ${was}\n  + ${becomes}`;
}

function isSame(one: Mutant, other: Mutant): boolean {
  return (
    one.file === other.file &&
    one.line === other.line &&
    one.was === other.was &&
    one.becomes === other.becomes
  );
}

function mutantIn(
  file: string,
  source: string,
  { location: { start, end }, replacement = '' }: ReportedMutant,
): Mutant {
  const lines = source.split('\n');
  const affected = lines.slice(start.line - 1, end.line);
  const last = affected.length - 1;
  const was = affected
    .map((line, index) => (index === last ? line.slice(0, end.column - 1) : line))
    .map((line, index) => (index === 0 ? line.slice(start.column - 1) : line))
    .join(' ');
  const line = lines[start.line - 1] ?? '';
  return { file, line: line.trim(), was: inOneLine(was), becomes: inOneLine(replacement) };
}

function inOneLine(code: string): string {
  return code.replace(/\s+/g, ' ').trim();
}
