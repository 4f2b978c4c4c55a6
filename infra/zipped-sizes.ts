import { readFile } from 'node:fs/promises';

/** The uncompressed sizes of the files in a zip archive, by name, read from its central directory. */
export async function zippedSizes(file: string): Promise<ReadonlyMap<string, number>> {
  const zip = await readFile(file);
  // APPNOTE.TXT 4.3.16 and 4.3.12: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end === -1) throw new Error(`${file} is not a zip archive`);
  const sizes = new Map<string, number>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    sizes.set(name, zip.readUInt32LE(at + 24));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return sizes;
}
