import { describe, expect, test } from "vitest";
import { chargedNetwork } from "../../../src/http/index.ts";

describe("S-13: a budget by address is charged to", () => {
  test.each<[string, string]>([
    ["198.51.100.7", "198.51.100.7"],
    ["::ffff:198.51.100.7", "198.51.100.7"],
    ["::ffff:c633:6407", "198.51.100.7"],
    ["2001:db8:1:2::3", "2001:db8:1:2::/64"],
    ["2001:DB8:0001:0002:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
    ["2001:db8:1:3::3", "2001:db8:1:3::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["", ""],
    ["unknown", "unknown"],
  ])("%s: %s", (address, charged) => expect(chargedNetwork(address)).toBe(charged));
});
