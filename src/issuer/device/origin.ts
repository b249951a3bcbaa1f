import { addressParts } from "../../http/index.ts";

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
  const read = addressParts(address);
  return read && `${read.family} ${read.parts.slice(0, 3).join(".")}`;
}
