import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';

/**
 * Puts the files of a zip archive into a folder, as Lambda does with a function's package. Packages hold plain files, stored or deflated.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3.7, 4.3.12, 4.3.16)
 */
export async function unzip(file: string, folder: string): Promise<void> {
  const zip = await readFile(file);
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end === -1) throw new Error(`${file} is not a zip archive`);
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const place = path.join(folder, name);
    // No entry leads out of the folder.
    if (!name.endsWith('/') && place.startsWith(`${folder}${path.sep}`)) {
      await mkdir(path.dirname(place), { recursive: true });
      await writeFile(place, contents(zip, at));
    }
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
}

/** Of the entry whose record in the central directory begins there. */
function contents(zip: Buffer, at: number): Buffer {
  const isDeflated = zip.readUInt16LE(at + 10) === 8;
  const bytes = zip.readUInt32LE(at + 20);
  const header = zip.readUInt32LE(at + 42);
  const from = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const packed = zip.subarray(from, from + bytes);
  return isDeflated ? inflateRawSync(packed) : packed;
}
