/** The address of a stored object. */
export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
}

/** Stores files: values that are no JSON, or too large for a message or an item. */
export interface ObjectStore {
  /** The bucket that everything is stored in. */
  readonly bucket: string;
  /** Stores the object, in place of one with the same key. */
  put(key: string, body: Uint8Array, contentType: string): Promise<ObjectRef>;
  /** The object, or its first `maxBytes` bytes; `undefined` if there is none. */
  get(key: string, maxBytes?: number): Promise<Uint8Array | undefined>;
}
