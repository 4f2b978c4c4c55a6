import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { formatMs } from '../../src/cli/durations.ts';
import type { Receipt } from '../../src/cli/responses.ts';
import type { Demonstration } from './demonstration.ts';
import { followOrder } from './demonstration.ts';
import { latencies } from './latency.ts';

const PICTURE = new URL('../picture.jpg', import.meta.url);

/** The widths of the three sizes that plugins/imaging makes. */
const WIDTHS = { 'resize-low': 320, 'resize-mid': 800, 'resize-high': 1600 } as const;

const TASKS = ['adjust', 'resize-high', 'resize-low', 'resize-mid', 'watermark'];

interface Image {
  readonly bucket: string;
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly contentType: string;
}

/** The order is just an image: the client's contract says what is done with it. */
export async function showImageOrder(demonstration: Demonstration): Promise<void> {
  const { api, checks } = demonstration;
  const picture = await readFile(PICTURE);
  const { width, height } = await sharp(picture).metadata();
  checks.title(`An image from client X: ${width} × ${height}, ${formatBytes(picture.length)}`);
  const content = { body: picture, mediaType: 'image/jpeg' };
  const { body: accepted } = await api.post<Receipt>('/orders?client=X', content);
  const order = await followOrder(accepted.orderId, TASKS.length, demonstration);
  if (!checks.completed('the image', order)) return;
  checks.pass(
    order.tasks.map(({ plugin }) => `${plugin} ${took(plugin)}`).join(', '),
    checks.equal('client of the image order', order.client, 'X'),
    checks.equal(
      'the tasks of the image order',
      order.tasks.map(({ plugin }) => plugin).toSorted(),
      TASKS,
    ),
  );
  const images = (order.result ?? {}) as Record<string, Partial<Image>>;
  checks.equal(
    'the sizes that were made',
    Object.keys(images).toSorted(),
    Object.keys(WIDTHS).toSorted(),
  );
  for (const [name, expected] of Object.entries(WIDTHS)) {
    const image = images[name] ?? {};
    const ratio = expected / width;
    checks.pass(
      `${name.padEnd(12)} ${image.width} × ${image.height}, ${formatBytes(image.bytes ?? 0)}, ${image.key}`,
      checks.equal(
        `${name}: size`,
        [image.width, image.height],
        [expected, Math.round(height * ratio)],
      ),
      checks.equal(`${name}: type`, image.contentType, 'image/jpeg'),
      checks.equal(`${name}: has bytes`, (image.bytes ?? 0) > 500, true),
      checks.equal(`${name}: belongs to the order`, image.key?.includes(order.orderId), true),
    );
  }

  function took(plugin: string): string {
    return formatMs(latencies([order], plugin)[0] ?? 0);
  }
}

function formatBytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
