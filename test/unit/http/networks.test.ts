import { describe, expect, test } from "vitest";
import { seconds } from "../../../src/core/index.ts";
import { createNetworks, siteShare, trustedShare } from "../../../src/http/index.ts";

const usual = () => createNetworks();
const configured = {
  trusted: ["192.0.2.0/24", "2001:db8:5::/48"],
  shared: ["203.0.113.7"],
  nat64: ["2001:db8::/32", "2001:db9:100::/40", "2001:db9:122::/48", "2001:db9:122:300::/56", "2001:db9:122:344::/64"],
};
const named = () => createNetworks(configured);

describe("S-13: a budget by address is charged to", () => {
  test.each<[string, string | undefined]>([
    ["198.51.100.7", "198.51.100.7"],
    ["::ffff:198.51.100.7", "198.51.100.7"],
    ["::ffff:c633:6407", "198.51.100.7"],
    ["2001:db8:1:2::3", "2001:db8:1:2::/64"],
    ["2001:DB8:0001:0002:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
    ["2001:db8:1:3::3", "2001:db8:1:3::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["64:ff9b::198.51.100.7", "198.51.100.7"],
    ["64:ff9b::c633:6407", "198.51.100.7"],
    ["::ffff:0:198.51.100.7", "198.51.100.7"],
    ["64:ff9b:1::7", "64:ff9b:1:0:0:0:0:7::/128"],
    ["2001:0:c633:6407::7", "2001:0:c633:6407:0:0:0:7::/128"],
    ["", undefined],
    ["unknown", undefined],
  ])("%s: %s", (address, charged) => expect(usual().charged(address)).toBe(charged));

  test.each<[string]>([
    ["2001:db8:c000:221::"],
    ["2001:db9:1c0:2:21::"],
    ["2001:db9:122:c000:2:2100::"],
    ["2001:db9:122:3c0:0:221::"],
    ["2001:db9:122:344:c0:2:2100::"],
  ])("the IPv4 address in %s, as RFC 6052 section 2.4 puts it there", (address) =>
    expect(named().charged(address)).toBe("192.0.2.33"),
  );

  test("a site's IPv6 besides: 65,536 times a /64 are worth two", () => {
    const costs = (address: string) =>
      usual()
        .costs(budget, address)
        .map((c) => [c.budget.name, c.key, c.budget.limit]);
    expect(costs("2001:db8:1:2::3")).toEqual([
      ["starts", "2001:db8:1:2::/64", 10],
      ["starts-of-site", "2001:db8:1::/48", 10 * siteShare],
    ]);
    expect(costs("2001:db8:1:ffff::3")[1]).toEqual(costs("2001:db8:1:2::3")[1]);
    expect(costs("198.51.100.7")).toEqual([["starts", "198.51.100.7", 10]]);
    expect(costs("64:ff9b::198.51.100.7")).toEqual([["starts", "198.51.100.7", 10]]);
    expect(costs("unknown")).toEqual([]);
  });
});

const budget = { name: "starts", limit: 10, window: seconds(60) };

test("a trusted network has a larger share, an unknown one has none", () => {
  const limits = ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8:5::1", "198.51.100.7", "unknown", ""].map(
    (address) => named().costs(budget, address)[0]?.budget.limit,
  );
  const larger = budget.limit * trustedShare;
  expect(limits).toEqual([larger, larger, larger, budget.limit, undefined, undefined]);
});

describe("S-72: nobody is near", () => {
  test.each<[string, string]>([
    ["64:ff9b::198.51.100.7", "64:ff9b::198.51.100.7"],
    ["64:ff9b::198.51.100.7", "198.51.100.7"],
    ["64:ff9b:1::7", "64:ff9b:1::7"],
    ["100.64.0.1", "100.64.0.1"],
    ["2001:0:1::1", "2001:0:1::1"],
    ["203.0.113.7", "203.0.113.8"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["unknown", "unknown"],
    ["unknown", "198.51.100.7"],
  ])("%s and %s", (one, other) => {
    expect([named().near(one, other), named().near(other, one), named().distinguishes(one, other)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test("and elsewhere it can be told", () => {
    expect([named().near("198.51.100.7", "198.51.100.8"), named().distinguishes("198.51.100.7", "192.0.2.1")]).toEqual([
      true,
      true,
    ]);
  });
});

test.each(["trusted", "shared", "nat64"])("what is no network is told with where it stands: %s", (where) => {
  expect(() => createNetworks({ ...configured, [where]: ["a"] })).toThrow(`${where}: "a" is neither`);
});
