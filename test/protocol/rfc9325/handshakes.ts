import { connect, getCiphers, type TLSSocket } from "node:tls";

/** What a client insists on. */
export interface Wish {
  readonly minVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
  readonly maxVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
  readonly ciphers?: string;
  /** Of an earlier connection, to be resumed. */
  readonly session?: Buffer | undefined;
}

/** Shakes hands; `undefined` when the server will not. The caller ends the socket. */
export function shake(port: number, wish: Wish): Promise<TLSSocket | undefined> {
  const { promise, resolve } = Promise.withResolvers<TLSSocket | undefined>();
  try {
    // The lowest level, so that our own library forbids nothing: the server must.
    const wanted = wish.ciphers ?? "ALL:COMPLEMENTOFALL";
    const ciphers = wanted.startsWith("TLS_") ? wanted : `${wanted}:@SECLEVEL=0`;
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ...wish, ciphers });
    socket.once("secureConnect", () => resolve(socket));
    socket.once("error", () => resolve(undefined));
    socket.once("close", () => resolve(undefined));
  } catch {
    resolve(undefined); // this machine's library does not know the suite
  }
  return promise;
}

/** What was agreed on, as `TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256`; `undefined` when nothing was. */
export async function agreed(port: number, wish: Wish): Promise<string | undefined> {
  const socket = await shake(port, wish);
  const said = socket && `${socket.getProtocol()} ${socket.getCipher().name}`;
  socket?.destroy();
  return said;
}

/** Every suite of TLS 1.2 and before that this machine's library knows. */
export const oldSuites = (): string[] =>
  getCiphers()
    .map((name) => name.toUpperCase())
    .filter((name) => !name.startsWith("TLS_"));

/** A session of TLS 1.2 that can be resumed, and whether the given one was. */
export async function resumed(
  port: number,
  session?: Buffer,
): Promise<{ session: Buffer | undefined; again: boolean }> {
  const socket = await shake(port, { maxVersion: "TLSv1.2", session });
  const found = { session: socket?.getSession(), again: socket?.isSessionReused() ?? false };
  socket?.destroy();
  return found;
}
