import { randomInt } from "node:crypto";
import { createServer } from "node:net";

// Below Linux' ephemeral range (32768 up), so that no outgoing connection takes the port between choosing and binding.
const LOWEST = 20_000;
const HIGHEST = 32_000;
const given = new Set<number>();

/** A port that is free on 127.0.0.1 now and that this process has not given out before. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(LOWEST, HIGHEST);
    if (given.has(port)) continue;
    given.add(port);
    if (await canListen(port)) return port;
  }
  throw new Error(`No free port was found on 127.0.0.1 between ${LOWEST} and ${HIGHEST} in 200 attempts.`);
}

/** Several different free ports; they are not consecutive. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  return ports;
}

/** True if this moment a server could listen on the port of 127.0.0.1. */
export function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
