import { BlockList, isIP } from "node:net";

/** Reads the real client's address of a request. */
export type AddressReader = (socketAddress: string, forwardedFor: string | undefined) => string;

/**
 * Walks `X-Forwarded-For` from the right, only through the named proxies; a malformed hop ends the walk at the last
 * address that was vouched for (S-53). Without named proxies the socket's address counts, whatever the header says.
 * @throws Error when a named proxy is neither an address nor a network
 */
export function addressReader(trustedProxies: readonly string[]): AddressReader {
  const trusted = new BlockList();
  for (const proxy of trustedProxies) {
    const [address = "", bits] = proxy.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (isIP(address) === 0) throw new Error(`trustedProxies: "${proxy}" is neither an address nor a network`);
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  const isTrusted = (address: string) =>
    isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  return (socketAddress, forwardedFor) => {
    let address = plain(socketAddress);
    const hops = (forwardedFor ?? "").split(",").map((h) => h.trim());
    while (isTrusted(address) && hops.length > 0) {
      const hop = plain(hops.pop() ?? "");
      if (isIP(hop) === 0) break;
      address = hop;
    }
    return address;
  };
}

/** An IPv4 address mapped into IPv6 is that IPv4 address. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
