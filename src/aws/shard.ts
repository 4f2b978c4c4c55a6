/**
 * Spreads order ids over `count` partitions: one partition takes 1,000 writes a second.
 * FNV-1a; it decides where items lie, so that neither it nor the counts may change under stored data.
 */
export function shardOf(orderId: string, count: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < orderId.length; index += 1) {
    hash = Math.imul(hash ^ orderId.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % count;
}

/** The numbers of `count` shards. */
export function shards(count: number): readonly number[] {
  return Array.from({ length: count }, (_, shard) => shard);
}
