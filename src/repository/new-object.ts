import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { mustRun, type RunGit } from "./git.ts";

/** An object that is not in the repository yet. */
export interface NewObject {
  readonly type: "commit" | "tree" | "blob";
  readonly bytes: Buffer;
  readonly id: string;
}

/** The hash by which a repository names its objects, told by the length of an id. */
export type HashName = "sha1" | "sha256";
/** The hash behind an id. */
export const hashOf = (id: string): HashName => (id.length === 64 ? "sha256" : "sha1");

/** The id of an object: a hash of its kind, its length and its bytes. */
export const objectId = (hash: HashName, type: string, bytes: Buffer): string =>
  createHash(hash).update(`${type} ${bytes.length}\0`).update(bytes).digest("hex");

/** An object with its id. */
export const newObject = (hash: HashName, type: NewObject["type"], bytes: Buffer): NewObject => ({
  type,
  bytes,
  id: objectId(hash, type, bytes),
});

/**
 * Writes objects, by one call however many there are. Git looks at each (`--strict`) and at what it names, and they are on
 * the disk when it ends. Nothing names them yet.
 */
export async function writeObjects(run: RunGit, hash: HashName, objects: readonly NewObject[]): Promise<void> {
  // Two files with the same text are one object, which git wants to get once.
  const each = [...new Map(objects.map((object) => [object.id, object])).values()];
  await mustRun(run, { args: ["unpack-objects", "-q", "--strict"], input: packOf(hash, each) });
}

/** Numbers of the kinds in a pack. */
const kinds = { commit: 1, tree: 2, blob: 3 } as const;

/** A pack as it goes over a network (gitformat-pack(5)), with every object whole. */
function packOf(hash: HashName, objects: readonly NewObject[]): Buffer {
  const head = Buffer.alloc(12);
  head.write("PACK");
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(objects.length, 8);
  const body = objects.flatMap(({ type, bytes }) => [sizeOf(kinds[type], bytes.length), deflateSync(bytes)]);
  const pack = Buffer.concat([head, ...body]);
  return Buffer.concat([pack, createHash(hash).update(pack).digest()]);
}

/** Kind and size: four bits of the size beside the kind, then seven a byte, the lowest first. */
function sizeOf(kind: number, size: number): Buffer {
  const bytes = [(kind << 4) | (size & 15)];
  for (let left = size >>> 4; left > 0; left >>>= 7) {
    bytes.push((bytes.pop() ?? 0) | 0x80, left & 0x7f);
  }
  return Buffer.from(bytes);
}
