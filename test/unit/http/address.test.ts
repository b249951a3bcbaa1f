import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressReader } from "../../../src/http/index.ts";

const proxies = ["10.0.0.1", "10.1.0.0/16", "fd00::/64"];
const usual = addressReader(proxies, { header: "x-forwarded-for", notice: () => undefined });
const rfc7239 = addressReader(proxies, { header: "forwarded", notice: () => undefined });
const proxied = (socket: string, header: string | undefined) =>
  usual(socket, header === undefined ? {} : { "x-forwarded-for": header });

describe("S-53: the real address", () => {
  test.each<[string, string, string | undefined, string]>([
    ["no header", "10.0.0.1", undefined, "unknown"],
    ["a stranger's header is a lie", "203.0.113.9", "198.51.100.1", "203.0.113.9"],
    ["one hop through a named proxy", "10.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["what the client wrote left of it is a lie", "10.0.0.1", "127.0.0.1, 198.51.100.1", "198.51.100.1"],
    ["two named proxies", "10.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"],
    ["a proxy of the network, claimed by a client", "10.0.0.1", "6.6.6.6, 198.51.100.1, 10.1.2.3", "198.51.100.1"],
    ["a malformed hop ends the walk", "10.0.0.1", "198.51.100.1, unknown", "unknown"],
    ["and so does one behind a named proxy", "10.0.0.1", "198.51.100.1, unknown, 10.1.2.3", "unknown"],
    ["what a client wrote left of a good hop does not matter", "10.0.0.1", "unknown, 198.51.100.1", "198.51.100.1"],
    ["named proxies only: the client's address was never written", "10.0.0.1", "10.1.2.3", "unknown"],
    ["an address with a port", "10.0.0.1", "198.51.100.1:4711", "198.51.100.1"],
    ["a named proxy with a port", "10.0.0.1", "198.51.100.1:1, 10.1.2.3:2", "198.51.100.1"],
    ["a port that is none", "10.0.0.1", "198.51.100.1:http", "unknown"],
    ["an empty header", "10.0.0.1", "", "unknown"],
    ["commas only", "10.0.0.1", ",,,", "unknown"],
    ["IPv6", "fd00::1", "2001:db8::7", "2001:db8::7"],
    ["IPv6 in brackets", "fd00::1", "[2001:db8::7]", "2001:db8::7"],
    ["IPv6 in brackets with a port", "fd00::1", "[2001:db8::7]:443", "2001:db8::7"],
    ["IPv6 with a bracket that is left open", "fd00::1", "[2001:db8::7", "unknown"],
    ["IPv4 in brackets", "fd00::1", "[198.51.100.1]", "unknown"],
    ["in quotes", "10.0.0.1", '"198.51.100.1"', "198.51.100.1"],
    ["a quote that is left open", "10.0.0.1", '"198.51.100.1', "unknown"],
    ["quotes around a part of it", "10.0.0.1", 'x"198.51.100.1"', "unknown"],
    ["quotes around its beginning", "10.0.0.1", '"198.51.100.1"x', "unknown"],
    ["IPv6 of another network", "fd00:0:0:1::1", "2001:db8::7", "fd00:0:0:1::1"],
    ["IPv4 mapped into IPv6, as sockets give it", "::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["IPv4 mapped into IPv6, as a hop", "10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"],
    ["IPv6 that only ends like a mapped one", "10.0.0.1", "1::ffff:8.51.100.1", "1::ffff:8.51.100.1"],
    ["a zone, which means something to the proxy only", "fd00::1", "fe80::1%eth0", "unknown"],
    ["a zone in the middle", "fd00::1", "198.51.100.1, fe80::1%eth0", "unknown"],
    ["octal and hexadecimal forms are no addresses", "10.0.0.1", "0x7f.1", "unknown"],
    ["blanks that are none", "10.0.0.1", "198.51.100.1\u00a0", "unknown"],
    ["a socket that is gone", "", "198.51.100.1", "unknown"],
  ])("%s", (_what, socket, header, real) => expect(proxied(socket, header)).toBe(real));

  test.each<[string, string, string]>([
    ["RFC 7239 section 4", "for=192.0.2.43, For=198.51.100.17;proto=http;by=203.0.113.60", "198.51.100.17"],
    ["a port, brackets, quotes", 'for="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"],
    ["two named proxies", 'for=198.51.100.17;host="a,b;c", for="10.1.2.3:80"', "198.51.100.17"],
    ["a client's open quote swallows nothing", 'for=192.0.2.43, for=", for=198.51.100.17', "198.51.100.17"],
    ["unknown", "for=192.0.2.43, for=unknown", "unknown"],
    ["a hidden name", "for=192.0.2.43, for=_gazonk", "unknown"],
    ["an element without for", "for=192.0.2.43, by=203.0.113.60", "unknown"],
    ["an element with two", "for=192.0.2.43;for=198.51.100.17", "unknown"],
    ["a backslash", 'for="198.51.100.1\\7"', "unknown"],
    ["the other header's form", "198.51.100.17", "unknown"],
    ["an open quote", 'for="198.51.100.17', "unknown"],
  ])("by Forwarded: %s", (_what, header, real) => {
    expect(rfc7239("10.0.0.1", { forwarded: header, "x-forwarded-for": "203.0.113.1" })).toBe(real);
    expect(rfc7239("192.0.2.1", { forwarded: header })).toBe("192.0.2.1");
  });

  test("each reason why it is unknown is told once, without what was sent", () => {
    const told: string[] = [];
    const read = addressReader(proxies, { header: "x-forwarded-for", notice: (message) => void told.push(message) });
    for (const header of [undefined, "", "x-canary", "unknown", "198.51.100.1, x-canary"])
      read("10.0.0.1", header === undefined ? {} : { "x-forwarded-for": header });
    for (const gone of [undefined, undefined]) read(gone, {});
    expect(told.map((message) => message.split(/: |\./)[1])).toEqual([
      "a named proxy sent no x-forwarded-for with a client's address in it",
      "a hop that a named proxy wrote into x-forwarded-for is not an address",
      "the connection has none",
    ]);
    expect(told.join()).not.toContain("canary");
  });

  test("is the socket's when no proxy is named, whatever the header says", () => {
    const direct = addressReader([]);
    fc.assert(
      fc.property(fc.string(), fc.ipV4(), (header, socket) => direct(socket, { "x-forwarded-for": header }) === socket),
    );
  });

  test("S-72: is one that a proxy wrote or unknown, whatever the rest is", () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[for=",; .:0-9%_[\]\\]*$/));
    fc.assert(
      fc.property(text, (written) => {
        expect(proxied("10.0.0.1", `${written}, 198.51.100.7:1`)).toBe("198.51.100.7");
        expect(rfc7239("10.0.0.1", { forwarded: `${written}, for="198.51.100.7:1"` })).toBe("198.51.100.7");
      }),
    );
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
