import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressReader } from "../../../src/http/index.ts";

const proxied = addressReader(["10.0.0.1", "10.1.0.0/16", "fd00::/64"]);

describe("S-53: the real address", () => {
  test.each<[string, string, string | undefined, string]>([
    ["no header", "10.0.0.1", undefined, "10.0.0.1"],
    ["a stranger's header is a lie", "203.0.113.9", "198.51.100.1", "203.0.113.9"],
    ["one hop through a named proxy", "10.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["what the client wrote left of it is a lie", "10.0.0.1", "127.0.0.1, 198.51.100.1", "198.51.100.1"],
    ["two named proxies", "10.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"],
    ["a proxy of the network, claimed by a client", "10.0.0.1", "6.6.6.6, 198.51.100.1, 10.1.2.3", "198.51.100.1"],
    ["a malformed hop ends the walk", "10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"],
    ["and so does one behind a named proxy", "10.0.0.1", "198.51.100.1, unknown, 10.1.2.3", "10.1.2.3"],
    ["an address with a port", "10.0.0.1", "198.51.100.1:4711", "10.0.0.1"],
    ["an empty header", "10.0.0.1", "", "10.0.0.1"],
    ["commas only", "10.0.0.1", ",,,", "10.0.0.1"],
    ["IPv6", "fd00::1", "2001:db8::7", "2001:db8::7"],
    ["IPv6 in brackets", "fd00::1", "[2001:db8::7]", "fd00::1"],
    ["IPv6 of another network", "fd00:0:0:1::1", "2001:db8::7", "fd00:0:0:1::1"],
    ["IPv4 mapped into IPv6, as sockets give it", "::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["IPv4 mapped into IPv6, as a hop", "10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"],
    ["a zone", "fd00::1", "fe80::1%eth0", "fe80::1%eth0"],
    ["a zone in the middle", "fd00::1", "198.51.100.1, fe80::1%eth0", "fe80::1%eth0"],
    ["octal and hexadecimal forms are no addresses", "10.0.0.1", "0x7f.1", "10.0.0.1"],
    ["a socket that is gone", "", "198.51.100.1", ""],
  ])("%s", (_what, socket, header, real) => expect(proxied(socket, header)).toBe(real));

  test("is the socket's when no proxy is named, whatever the header says", () => {
    const direct = addressReader([]);
    fc.assert(fc.property(fc.string(), fc.ipV4(), (header, socket) => direct(socket, header) === socket));
  });

  test("is never one that only the client wrote: right of it stand named proxies only", () => {
    const hop = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom("10.1.2.3", "10.0.0.1", "x", ""));
    fc.assert(
      fc.property(fc.array(hop, { maxLength: 6 }), (hops) => {
        const real = proxied("10.0.0.1", hops.join(", "));
        const at = hops.findLastIndex((h) => !/^(10\.0\.0\.1|10\.1\.\d+\.\d+|fd00:0:0:0:.*)$/.test(h));
        if (at >= 0 && /^\d+\.\d+\.\d+\.\d+$/.test(hops[at] ?? "")) expect(real).toBe(hops[at]);
      }),
    );
  });
});
