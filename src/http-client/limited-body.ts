import type { IncomingMessage } from "node:http";

/** Reads a body of at most so many bytes; of a longer one the connection is given up. Throws what broke the connection. */
export async function readLimited(message: IncomingMessage, maxBytes: number): Promise<Buffer | "too large"> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    size += part.byteLength;
    if (size > maxBytes) {
      message.destroy();
      return "too large";
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
