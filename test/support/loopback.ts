import type { Server } from "node:http";
import type { AddressInfo, Server as Socket } from "node:net";

/** Starts a server on a free port of an address of this machine; answers `address:port`. */
export async function listen(server: Socket, address = "127.0.0.1"): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return `${address}:${(server.address() as AddressInfo).port}`;
}

/** Stops a server; whoever is connected is cut off. */
export function stopServer(server: Pick<Server, "close" | "closeAllConnections">): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
