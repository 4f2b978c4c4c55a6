/** Where a stored object lies. */
export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
}

/** Keeps what is too large, or no JSON, for a message. */
export interface ObjectStore {
  readonly bucket: string;
  put(key: string, body: Uint8Array, contentType: string): Promise<ObjectRef>;
}
