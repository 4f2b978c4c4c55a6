import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { MAX_PAYLOAD_BYTES } from '../contract/size-limits.ts';
import { TooLargeError } from '../ports/too-large.ts';

/**
 * JSON, deflated against a dictionary of what entries are made of.
 *
 * DynamoDB charges a write unit per started kilobyte. Beside its payload an entry says some 700 bytes, nearly the same in
 * each, so that as text a task with a payload of 1 KB costs two units. Packed, they are about 140, and a payload of records
 * shrinks to half: one unit. One of random letters shrinks by a quarter, to about a unit. Packing takes some 30 microseconds, unpacking 15.
 */

/**
 * By the first byte of what is stored: the dictionary that it was packed with. It is unpacked with the same one, so that a
 * dictionary never changes; a better one gets a number of its own, and this one stays for reading.
 */
const DICTIONARIES: ReadonlyMap<number, Buffer> = new Map([
  [
    1,
    // The likelier a text is, the nearer it stands to the end: near repetitions are written shorter.
    Buffer.from(
      '"leftOut":[{"plugin":"","status":"notInvited","activity":0,"stage":"parallel","reason":"its filter does not match the order' +
        '"givenBack":1,"waitedMs":{"type":"TaskExpired","at":17{"type":"TaskDeadLettered","at":17"reason":"silentAt":' +
        '"status":"cancelled","status":"waiting","step":0,"entry":1,"until":17}{"status":"waited","step":1}' +
        '{"status":"plannedWait","step":1},{"status":"skipped","step":1,"plugin":"' +
        '{"type":"CancelRequested","at":17{"type":"TaskHeartbeat","at":17,"sentAt":17{"type":"DeadlinePassed","at":17,"armedFor":17' +
        '"error":{"code":"TASK_TIMED_OUT","message":"no answer within 300 s"}HEARTBEAT_MISSED","message":"' +
        'the plugin has stopped sending heartbeats"EXPRESSION_FAILED"PLUGIN_NOT_REGISTERED","message":"no plugin is registered under the name ' +
        '{"type":"TaskFailed","at":17,"taskId":"t1","attempt":1,"error":{"code":"HANDLER_FAILED","message":"","retry":"policy"}' +
        '"retry":"never"}"retry":"later","afterSeconds":' +
        '{"status":"failed","step":0,"plugin":"{"status":"backingOff","step":0,"plugin":"' +
        '","attempt":1,"entry":2,"error":{"code":"","message":"","giveUpAt":17,"retryAt":17' +
        '"status":"failed","workflow":{"name":"","version":1},"error":{"code":"","task":"","plugin":"","attempt":3}' +
        '{"at":17,"events":[{"type":"OrderPlaced","at":17,"orderId":"01K","input":{"},"attributes":{},"workflow":{"name":"","version":1},"client":"","fingerprint":"' +
        '"}],"state":{"status":"accepted","workflow":{"name":"todo-' +
        ',"version":1},"client":"","attributes":{"},"acceptedAt":17,"wakeUp":{"at":17,"entry":0}},"value":{"' +
        '{"at":17,"events":[{"type":"OrderAccepted","at":17' +
        '"state":{"status":"completed","workflow":{"name":"","version":1},"attributes":{},"acceptedAt":17,"endedAt":17,"wakeUp":{"at":17,"entry":0},"failedJobs":[]},"as":"result","value":{"' +
        ',"of":1,"changed":{"wakeUp":{"at":[17"entry":[2]},"wakeUpBefore":[{"at":17,"entry":1}],"taskCount":[2],"stage":{"tasks":{"1":{"begun":[true],"silentAt":[17' +
        '"status":["inFlight"],"deadlineAt":[17"dispatchedAt":[17"attempt":[2],"retryAt":0,"error":0,' +
        '"1":{"status":["completed"],"entry":[3],"giveUpAt":0,"dispatchedAt":0,"deadlineAt":0},' +
        ',"stage":{"activity":0,"stage":"post","tasks":[{"status":"planned","step":1,"plugin":"","mandatory":true},' +
        '"mandatory":false,"stage":"parallel","tasks":[{"status":"completed","step":0,"plugin":"A","mandatory":true,"taskId":"t2","job":"A","attempt":1,"entry":3},' +
        '{"at":17,"events":[{"type":"TaskCompleted","at":17,"taskId":"t1","attempt":1,"by":"A","result":{"' +
        '}],"state":{"status":"running","workflow":{"name":"","version":1},"attributes":{},"acceptedAt":17,' +
        '"wakeUp":{"at":17,"entry":0},"taskCount":1,"jobs":{"A":1,"B":1},"failedJobs":[],' +
        '"stage":{"activity":1,"stage":"pre","tasks":[{"status":"inFlight","step":0,"plugin":"A","mandatory":true,"taskId":"t1","job":"A","attempt":1,"entry":2,"giveUpAt":17,"dispatchedAt":17,"deadlineAt":17}]},"wakeUpBefore":{"at":17,"entry":1}},"value":{"',
    ),
  ],
]);

const CURRENT = 1;

/**
 * A text up to so many bytes stands in a window of 8 KB together with the dictionary, and packs to the same as in one of 32 KB. Zlib then takes
 * 64 KB of memory for it instead of 260; a warm local stack got through 6, 8 and 17 % more orders in three pairs of runs.
 * @see https://zlib.net/manual.html#Advanced
 */
const SMALL_BYTES = 4096;
const FOR_SMALL = { windowBits: 13, memLevel: 6, chunkSize: SMALL_BYTES };

/** @param what What is packed, as an error names it. @throws {TooLargeError} */
export function pack(json: string, what: string): Uint8Array {
  const unpacked = Buffer.from(json);
  if (unpacked.byteLength > MAX_PAYLOAD_BYTES) {
    throw new TooLargeError(what, unpacked.byteLength, MAX_PAYLOAD_BYTES);
  }
  const packed = deflateRawSync(unpacked, {
    dictionary: dictionaryOf(CURRENT),
    ...(unpacked.byteLength <= SMALL_BYTES && FOR_SMALL),
  });
  return Buffer.concat([Buffer.of(CURRENT), packed]);
}

export function unpack(bytes: Uint8Array): unknown {
  const inflated = inflateRawSync(bytes.subarray(1), {
    dictionary: dictionaryOf(bytes[0] ?? 0),
    maxOutputLength: MAX_PAYLOAD_BYTES,
    chunkSize: SMALL_BYTES,
  });
  return JSON.parse(inflated.toString());
}

function dictionaryOf(version: number): Buffer {
  const dictionary = DICTIONARIES.get(version);
  if (dictionary === undefined) throw new Error(`no entry was ever packed by way ${version}`);
  return dictionary;
}
