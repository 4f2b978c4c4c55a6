import type { Refusal } from './aws-service.ts';

/**
 * The few elements that are read of the XML in which SNS and S3 answer: named, without attributes, not nested in themselves. The SDK's
 * parser would take as much of a bundle as all other parts of a call.
 */
export function elementsIn(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(
    ([, inner = '']) => inner,
  );
}

/** The text of the first such element; none is empty. */
export function textIn(xml: string, name: string): string {
  return (elementsIn(xml, name)[0] ?? '').replace(
    /&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi,
    (entity, hexadecimal?: string, decimal?: string, named = '') => {
      if (hexadecimal) return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
      if (decimal) return String.fromCodePoint(Number(decimal));
      return NAMED[named] ?? entity;
    },
  );
}

const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" },
};

/** `<Error><Code>Throttling</Code><Message>…</Message></Error>`, in SNS within an `ErrorResponse`. */
export function xmlRefusal(text: string): Refusal {
  const [error] = elementsIn(text, 'Error');
  if (error === undefined) return { message: text.slice(0, 200) };
  return { code: textIn(error, 'Code'), message: textIn(error, 'Message') };
}
