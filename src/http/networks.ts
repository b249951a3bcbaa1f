import { isIP } from "node:net";
import type { Budget, Cost } from "../store/index.ts";
import { listed } from "./address.ts";

/** What the configuration says of networks. */
interface NetworkOptions {
  /** Many people behind few addresses, known to the operator: a school, an office. */
  readonly trusted: readonly string[];
  /** Strangers behind the same addresses: a carrier's NAT, a VPN that anybody may use. */
  readonly shared: readonly string[];
  /** Prefixes under which a translator shows IPv4 clients (RFC 6052), besides the well-known one. */
  readonly nat64: readonly string[];
}

/** What an address says about who is behind it. */
export interface Networks {
  /**
   * Whom a budget by address is charged to: an IPv4 address, or the /64 of an IPv6 one. Every subscriber has 2⁶⁴ addresses
   * there, so a budget for each of them would be none (S-13). `undefined` for an unknown address: strangers share none (S-72).
   */
  charged(address: string): string | undefined;
  /**
   * A unit of a budget by network. A trusted network has a larger one; a site's IPv6, which may be 65,536 times a /64, has
   * `siteShare` of them in all. Nothing for an unknown address.
   */
  costs(budget: Budget, address: string): readonly Cost[];
  /**
   * Whether two addresses are of one network: the same /24 (IPv4) or /48 (IPv6). A signal, not a proof: it is wrong under
   * VPN, NAT and on remote machines, so it only decides whether more is asked (S-07). Private and loopback addresses are
   * compared like any other. Where strangers share addresses, and where one is unknown, nobody is near (S-72).
   */
  near(one: string, other: string): boolean;
  /** Whether anything can be said of that: both addresses are known, and no strangers share them. */
  distinguishes(one: string, other: string): boolean;
}

/** What a trusted network may spend, in units of what others may. */
export const trustedShare = 5;
/** What a /48 of IPv6 may spend, in units of what a /64 may. */
export const siteShare = 2;

/** RFC 6052 section 2.1, and the IPv4-translated form of RFC 2765. */
const wellKnownTranslators = ["64:ff9b::/96", "::ffff:0:0:0/96"];
/**
 * Strangers by their standards: carriers' own space (RFC 6598), translators of a site (RFC 8215), Teredo (RFC 4380). The
 * latter two have addresses of IPv4 at places that only their operators know.
 */
const sharedBySpace = ["100.64.0.0/10", "64:ff9b:1::/48", "2001::/32", ...wellKnownTranslators];

/** Reads what the configuration says. */
export function createNetworks(options: NetworkOptions = { trusted: [], shared: [], nat64: [] }): Networks {
  const translators = [...wellKnownTranslators, ...options.nat64].map((prefix) => {
    const [, bits = "96"] = prefix.split("/");
    return { holds: listed([prefix], "nat64"), bytes: Number(bits) / 8 };
  });
  translators.sort((a, b) => b.bytes - a.bytes); // the longest prefix says where the address is
  const isTrusted = listed(options.trusted, "trusted");
  const isShared = listed([...sharedBySpace, ...options.nat64, ...options.shared], "shared");
  const isOpaque = listed(["64:ff9b:1::/48", "2001::/32"], "opaque");
  const charged = (address: string, groups: number): string | undefined => {
    const read = addressParts(address);
    if (read === undefined) return undefined;
    if (read.family === 4) return read.parts.join(".");
    const translator = translators.find((t) => t.holds(bare(address)));
    if (translator) return embedded(read, translator.bytes).join(".");
    const kept = isOpaque(bare(address)) ? 8 : groups;
    return `${read.parts
      .slice(0, kept)
      .map((g) => g.toString(16))
      .join(":")}::/${kept * 16}`;
  };
  const distinguishes = (one: string, other: string) =>
    [one, other].every((address) => addressParts(address) !== undefined && !isShared(bare(address)));
  return {
    distinguishes,
    charged: (address) => charged(address, 4),
    costs: (budget, address) => {
      const [key, site] = [charged(address, 4), charged(address, 3)];
      if (key === undefined || site === undefined) return [];
      const limit = budget.limit * (isTrusted(bare(address)) ? trustedShare : 1);
      const own = { budget: { ...budget, limit }, key };
      if (site === key) return [own];
      return [own, { budget: { ...budget, name: `${budget.name}-of-site`, limit: limit * siteShare }, key: site }];
    },
    near: (one, other) => distinguishes(one, other) && networkOf(one) === networkOf(other),
  };
}

/** An address without its zone, of IPv4 if it is one. */
function bare(address: string): string {
  const read = addressParts(address);
  return read?.family === 4 ? read.parts.join(".") : (address.split("%", 1)[0] ?? "");
}

/** An address in numbers: four bytes, or eight groups of 16 bits. */
interface AddressParts {
  readonly family: 4 | 6;
  readonly parts: readonly number[];
}

/** Reads an address in any spelling; one of IPv4 mapped into IPv6 (RFC 4291 section 2.5.5.2) is that IPv4 address. */
function addressParts(address: string): AddressParts | undefined {
  const plain = address.split("%", 1)[0] ?? "";
  if (isIP(plain) === 4) return { family: 4, parts: plain.split(".").map(Number) };
  if (isIP(plain) !== 6) return undefined;
  const groups = expand(plain);
  const isMapped = groups.slice(0, 5).every((g) => g === 0) && groups[5] === 0xffff;
  return isMapped ? { family: 4, parts: bytesOf(groups).slice(12) } : { family: 6, parts: groups };
}

const bytesOf = (groups: readonly number[]): number[] => groups.flatMap((g) => [g >> 8, g & 0xff]);

/** The IPv4 address behind a translator's prefix; byte 8 is never part of it (RFC 6052 section 2.2). */
function embedded({ parts }: AddressParts, prefixBytes: number): number[] {
  const bytes = bytesOf(parts);
  if (prefixBytes < 12) bytes.splice(8, 1);
  return bytes.slice(prefixBytes, prefixBytes + 4);
}

/** The eight groups of an IPv6 address; the URL parser knows all its spellings. */
function expand(address: string): number[] {
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const [left, right] = [head, tail ?? ""].map((part) => part.split(":").filter((g) => g !== ""));
  const zeros = Array.from({ length: 8 - (left?.length ?? 0) - (right?.length ?? 0) }, () => "0");
  return [...(left ?? []), ...zeros, ...(right ?? [])].map((g) => Number.parseInt(g, 16));
}

function networkOf(address: string): string | undefined {
  const read = addressParts(address);
  return read && `${read.family} ${read.parts.slice(0, 3).join(".")}`;
}
