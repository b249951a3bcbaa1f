import { isIP } from "node:net";

/** An address in numbers: four bytes, or eight groups of 16 bits. */
export interface AddressParts {
  readonly family: 4 | 6;
  readonly parts: readonly number[];
}

/** Reads an address in any spelling; one of IPv4 mapped into IPv6 (RFC 4291 section 2.5.5.2) is that IPv4 address. */
export function addressParts(address: string): AddressParts | undefined {
  const plain = address.split("%", 1)[0] ?? "";
  if (isIP(plain) === 4) return { family: 4, parts: plain.split(".").map(Number) };
  if (isIP(plain) !== 6) return undefined;
  const groups = expand(plain);
  const isMapped = groups.slice(0, 5).every((g) => g === 0) && groups[5] === 0xffff;
  if (!isMapped) return { family: 6, parts: groups };
  const [high = 0, low = 0] = groups.slice(6);
  return { family: 4, parts: [high >> 8, high & 0xff, low >> 8, low & 0xff] };
}

/** The eight groups of an IPv6 address; the URL parser knows all its spellings. */
function expand(address: string): number[] {
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const [left, right] = [head, tail ?? ""].map((part) => part.split(":").filter((g) => g !== ""));
  const zeros = Array.from({ length: 8 - (left?.length ?? 0) - (right?.length ?? 0) }, () => "0");
  return [...(left ?? []), ...zeros, ...(right ?? [])].map((g) => Number.parseInt(g, 16));
}

/**
 * Whom a budget by address is charged to: an IPv4 address, or the /64 of an IPv6 one. Every subscriber has 2⁶⁴ addresses
 * there, so a budget for each of them would be none (S-13).
 */
export function chargedNetwork(address: string): string {
  const read = addressParts(address);
  if (read?.family !== 6) return read?.parts.join(".") ?? address;
  const groups = read.parts.slice(0, 4).map((g) => g.toString(16));
  return `${groups.join(":")}::/64`;
}
