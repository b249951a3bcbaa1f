import { isIP } from "node:net";

/** Who started a login, as far as the network says. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string;
}

/**
 * Whether two addresses are of one network: the same /24 (IPv4) or /48 (IPv6). A signal, not a proof: it is wrong under
 * VPN, NAT and on remote machines, so it only decides whether more is asked (S-07). Private and loopback addresses are
 * compared like any other; an address that is none is near to nothing.
 */
export function sameNetwork(one: string, other: string): boolean {
  const [a, b] = [networkOf(one), networkOf(other)];
  return a !== undefined && a === b;
}

function networkOf(address: string): string | undefined {
  const plain = address.split("%", 1)[0] ?? "";
  if (isIP(plain) === 4) return plain.split(".").slice(0, 3).join(".");
  if (isIP(plain) !== 6) return undefined;
  const groups = expand(plain);
  // An IPv4 address mapped into IPv6 (RFC 4291 section 2.5.5.2) is that IPv4 address.
  const isMapped = groups.slice(0, 5).every((g) => g === 0) && groups[5] === 0xffff;
  const [high = 0, low = 0] = groups.slice(6);
  if (isMapped) return [high >> 8, high & 0xff, low >> 8].join(".");
  return groups
    .slice(0, 3)
    .map((g) => g.toString(16))
    .join(":");
}

/** The eight groups of an IPv6 address; the URL parser knows all its spellings. */
function expand(address: string): number[] {
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const [left, right] = [head, tail ?? ""].map((part) => part.split(":").filter((g) => g !== ""));
  const zeros = Array.from({ length: 8 - (left?.length ?? 0) - (right?.length ?? 0) }, () => "0");
  return [...(left ?? []), ...zeros, ...(right ?? [])].map((g) => Number.parseInt(g, 16));
}
