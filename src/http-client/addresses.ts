import { BlockList, isIP } from "node:net";

/** IPv4 that is not plainly public: IANA's special-purpose registry (RFC 6890), multicast and the reserved rest. */
const notPublic4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/**
 * IPv6 is the other way round: only 2000::/3 is given out, so mapped (::ffff:0:0/96), NAT64 (64:ff9b::/96, 64:ff9b:1::/48),
 * unique-local, link-local and multicast forms are out by themselves. Within it: protocol assignments with Teredo,
 * documentation, and 6to4, which carries any IPv4 address.
 */
const public6 = "2000::/3";
const notPublic6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

/** A set of address ranges. */
export interface AddressRanges {
  has(address: string): boolean;
}

const family = (address: string): "ipv4" | "ipv6" => (isIP(address) === 6 ? "ipv6" : "ipv4");

/** Reads ranges such as `127.0.0.1/32`. Answers the first text that is not one. */
export function addressRanges(texts: readonly string[]): AddressRanges | { readonly wrong: string } {
  const list = new BlockList();
  for (const text of texts) {
    const [network = "", length = "", more] = text.split("/");
    const bits = Number(length);
    const valid = more === undefined && isIP(network) !== 0 && /^\d{1,3}$/.test(length);
    if (!valid || bits > (isIP(network) === 6 ? 128 : 32)) return { wrong: text };
    list.addSubnet(network, bits, family(network));
  }
  return { has: (address) => isIP(address) !== 0 && list.check(address, family(address)) };
}

function fixed(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [network = "", bits = ""] = text.split("/");
    list.addSubnet(network, Number(bits), family(network));
  }
  return list;
}

const refused4 = fixed(notPublic4);
const given6 = fixed([public6]);
const refused6 = fixed(notPublic6);

/** True for an address that anybody on the internet could own. Text that is no address is not public. */
export function isPublic(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused4.check(address, "ipv4");
    case 6:
      // A zone (`fe80::1%eth0`) makes an address local, whatever its bits say.
      return !address.includes("%") && given6.check(address, "ipv6") && !refused6.check(address, "ipv6");
    default:
      return false;
  }
}
