/** What is stored, or sent, must fit the memory of whoever reads it, however well it packs. */
export const MAX_PAYLOAD_BYTES = 32 * 1024 * 1024;

/**
 * The largest result of a plugin: a plugin of 128 MB reads it without trouble, and so does the orchestrator a batch of them. Larger things
 * are files, which a result names.
 */
export const MAX_RESULT_BYTES = 5 * 1024 * 1024;
