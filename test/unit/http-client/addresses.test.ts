import { expect, test } from "vitest";
import { addressRanges, isPublic } from "../../../src/http-client/index.ts";

test.each([
  "0.0.0.0",
  "10.1.2.3",
  "100.64.0.1",
  "100.127.255.255",
  "127.0.0.1",
  "127.255.0.1",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.8",
  "192.168.1.1",
  "198.18.0.1",
  "198.51.100.7",
  "203.0.113.9",
  "224.0.0.251",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:8.8.8.8",
  "::ffff:127.0.0.1",
  "::127.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::1",
  "fc00::1",
  "fd12:3456::1",
  "fe80::1",
  "fe80::1%eth0",
  "2606:4700::1%eth0",
  "fec0::1",
  "ff02::1",
  "2001::1",
  "2001:db8::1",
  "2002:7f00:1::1",
  "3fff::1",
  "4000::1",
  "",
  "localhost",
  "127.1",
  "8.8.8.8 ",
])("%s is not public", (address) => {
  expect(isPublic(address)).toBe(false);
});

test.each([
  "8.8.8.8",
  "1.1.1.1",
  "100.63.255.255",
  "100.128.0.1",
  "172.15.0.1",
  "172.32.0.1",
  "2606:4700::1111",
  "2a00:1450:4001::1",
])("%s is public", (address) => {
  expect(isPublic(address)).toBe(true);
});

test("an operator's ranges hold what they say and nothing else", () => {
  const ranges = addressRanges(["127.0.0.1/32", "fd00::/8"]);
  if ("wrong" in ranges) throw new Error(ranges.wrong);
  expect(["127.0.0.1", "127.0.0.2", "fd00::1", "fe80::1", "8.8.8.8", "name"].map((a) => ranges.has(a))).toEqual([
    true,
    false,
    true,
    false,
    false,
    false,
  ]);
});

test.each(["", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "fd00::/129", "name/8", "10.0.0.0/ 8"])(
  "%j is no range",
  (text) => {
    expect(addressRanges([text])).toEqual({ wrong: text });
  },
);
