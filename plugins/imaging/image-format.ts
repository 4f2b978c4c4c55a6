import { PermanentError } from 'batonflow/sdk';

/** A format that is read, and how its files begin. */
interface Signature {
  readonly format: string;
  readonly begins: (file: Buffer) => boolean;
}

const beginsWith = (text: string, at = 0) => {
  const bytes = Buffer.from(text, 'latin1');
  return (file: Buffer) => file.subarray(at, at + bytes.length).equals(bytes);
};
const oneOf =
  (...begins: ((file: Buffer) => boolean)[]) =>
  (file: Buffer) =>
    begins.some((one) => one(file));

/** What the sharp that is installed reads, and whose work grows with bytes and pixels only. */
const READ: readonly Signature[] = [
  { format: 'JPEG', begins: beginsWith('\xff\xd8\xff') },
  { format: 'PNG', begins: beginsWith('\x89PNG\r\n\x1a\n') },
  {
    format: 'WebP',
    begins: (file) => beginsWith('RIFF')(file) && beginsWith('WEBP', 8)(file),
  },
  { format: 'GIF', begins: oneOf(beginsWith('GIF87a'), beginsWith('GIF89a')) },
  {
    format: 'TIFF',
    begins: oneOf(
      beginsWith('II*\0'),
      beginsWith('MM\0*'),
      beginsWith('II+\0'),
      beginsWith('MM\0+'),
    ),
  },
  { format: 'AVIF', begins: oneOf(beginsWith('ftypavif', 4), beginsWith('ftypavis', 4)) },
];

/** The beginning of a text, without a byte-order mark and white space. */
const textOf = (file: Buffer) => file.toString('utf8', 0, 1024).replace(/^\uFEFF?\s*/, '');

/**
 * What people send as images, and what is not read. A vector drawing is a program: 300 bytes of it (a filter, nested references)
 * keep a processor busy for minutes, and nothing stops that once it has begun.
 */
const REFUSED: readonly Signature[] = [
  {
    format: 'SVG',
    begins: (file) => /^<(svg|!DOCTYPE svg)\b/i.test(textOf(file)) || isXmlWithSvg(file),
  },
  { format: 'PDF', begins: beginsWith('%PDF') },
  { format: 'PostScript', begins: beginsWith('%!PS') },
  { format: 'BMP', begins: beginsWith('BM') },
  { format: 'ICO', begins: beginsWith('\0\0\x01\0') },
  { format: 'Photoshop', begins: beginsWith('8BPS') },
  { format: 'JPEG XL', begins: oneOf(beginsWith('\xff\x0a'), beginsWith('JXL ', 4)) },
  { format: 'JPEG 2000', begins: oneOf(beginsWith('\xff\x4f\xff'), beginsWith('jP  ', 4)) },
  { format: 'HEIC', begins: beginsWith('ftyp', 4) },
];

function isXmlWithSvg(file: Buffer): boolean {
  const text = textOf(file);
  return /^<(\?xml|!--|!DOCTYPE)/i.test(text) && /<([\w-]+:)?svg\b|DOCTYPE svg/i.test(text);
}

/**
 * Lets an image through whose format is read. The file's first bytes say what it is, whatever its name; nothing is decoded.
 * @throws {PermanentError} UNSUPPORTED_FORMAT for another kind of image, NOT_AN_IMAGE for anything else
 */
export function checkFormat(file: Buffer, key: string): void {
  if (READ.some(({ begins }) => begins(file))) return;
  const refused = REFUSED.find(({ begins }) => begins(file));
  if (refused === undefined) throw new PermanentError('NOT_AN_IMAGE', `${key} is not an image`);
  const read = READ.map(({ format }) => format).join(', ');
  const message = `${key} is ${refused.format}; these formats are read: ${read}`;
  throw new PermanentError('UNSUPPORTED_FORMAT', message);
}
