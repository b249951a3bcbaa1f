import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIP } from "node:net";
import { withoutBlanks } from "./blanks.ts";

/**
 * What stands for an address that could not be read. Nobody is near to it, no budget of a network is charged for it, and it
 * is never the proxy's own (S-72).
 */
export const unknownAddress = "unknown";

/** Headers in which proxies name the client: the usual one, and that of RFC 7239. */
const forwardingHeaders = ["x-forwarded-for", "forwarded"] as const;

/** Reads the real client's address of a request: an IP address, or `unknownAddress`. */
export type AddressReader = (socketAddress: string | undefined, headers: IncomingHttpHeaders) => string;

/** Where the client's address comes from. */
interface AddressOptions {
  /** The one header that the named proxies write. The other is not looked at: they would pass on what a client wrote. */
  readonly header: (typeof forwardingHeaders)[number];
  /** Told once of each reason why an address is unknown. */
  readonly notice: (message: string) => void;
}

/**
 * Walks the header from the right, through the named proxies, to the first address that is not one of them (S-53): that one
 * was seen by a named proxy. If there is none, or a hop cannot be read, the address is unknown. Without named proxies the
 * socket's address counts, whatever a header says.
 * @throws Error when a named proxy is neither an address nor a network
 */
export function addressReader(
  trustedProxies: readonly string[],
  { header, notice }: AddressOptions = { header: "x-forwarded-for", notice: () => undefined },
): AddressReader {
  const isTrusted = listed(trustedProxies, "trustedProxies");
  const told = new Set<string>();
  const unknown = (why: string) => {
    const message = `The address of a client is unknown: ${why}. Every login from there counts as one from another network, and no limit by address holds. See docs/how-to/run-behind-a-proxy.md.`;
    if (!told.has(why)) notice(message);
    told.add(why);
    return unknownAddress;
  };
  return (socketAddress, headers) => {
    let address = plainAddress(socketAddress ?? "");
    if (address === undefined) return unknown("the connection has none");
    let rest = [headers[header] ?? ""].flat().join(",");
    while (isTrusted(address)) {
      if (withoutBlanks(rest) === "") return unknown(`a named proxy sent no ${header} with a client's address in it`);
      const hop: Hop = header === "forwarded" ? lastElement(rest) : lastEntry(rest);
      const next: string | undefined = hop.node === undefined ? undefined : readNode(hop.node);
      if (next === undefined) return unknown(`a hop that a named proxy wrote into ${header} is not an address`);
      [address, rest] = [next, hop.rest];
    }
    return address;
  };
}

/** Tells whether an address is one of a list of addresses and networks. */
export function listed(networks: readonly string[], where: string): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (isIP(address) === 0) throw new Error(`${where}: "${network}" is neither an address nor a network`);
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** What stands last in a header, and what is left of it. */
interface Hop {
  readonly node: string | undefined;
  readonly rest: string;
}

function lastEntry(text: string): Hop {
  const at = text.lastIndexOf(",");
  return { node: text.slice(at + 1), rest: text.slice(0, Math.max(0, at)) };
}

/**
 * The last element of a `Forwarded` header (RFC 7239 section 4). Read backwards: a quote that a client leaves open in what
 * it wrote itself must not swallow what a proxy adds.
 */
function lastElement(text: string): Hop {
  let quoted = false;
  let at = text.length - 1;
  for (; at >= 0 && (quoted || text[at] !== ","); at--) if (text[at] === '"') quoted = !quoted;
  const pairs = text.slice(at + 1).split(";");
  const nodes = pairs.flatMap((pair) => /^for=(.*)$/i.exec(withoutBlanks(pair))?.[1] ?? []);
  return { node: nodes.length === 1 ? nodes[0] : undefined, rest: text.slice(0, Math.max(0, at)) };
}

/**
 * The address of a hop as proxies write it: with a port (`198.51.100.7:40001`, as of Azure and AWS), in brackets, in quotes
 * (RFC 7239 section 6). `unknown` and hidden names are none, nor is one that only counts on the proxy's own link (a zone).
 */
function readNode(text: string): string | undefined {
  const bare = withoutBlanks(text);
  const node = /^"([^"\\]*)"$/.exec(bare)?.[1] ?? bare;
  const [, four, six] = /^(?:(\d[\d.]*)|\[([^\]]*)\])(?::\d{1,5})?$/.exec(node) ?? [];
  const address = four ?? six ?? node;
  if (address.includes("%") || (six !== undefined && isIP(six) !== 6)) return undefined;
  return plainAddress(address);
}

/** An address without what is not part of it; one of IPv4 mapped into IPv6 is that IPv4 address. */
function plainAddress(text: string): string | undefined {
  const plain = text.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
  return isIP(plain) === 0 ? undefined : plain;
}
