import { describe, expect, test } from "vitest";
import { openCodesOfOne } from "../../src/issuer/device/open-codes.ts";
import { boot } from "../support/boot.ts";
import { Browser, plainText } from "../support/browser.ts";
import { type DeviceStart, embeddedVisitor, postForm, signIn } from "../support/device-login.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

// Who cannot be told from others is not near them. A proxy that writes an address in a way that we cannot read must not make
// everybody one network: then the question for the end of the code is off, and all share one budget.

const clock = heldClock();
const usual = shared(() => boot({ clock, yaml: "trustedProxies: [127.0.0.1]" }));
const rfc7239 = shared(() => boot({ clock, yaml: "trustedProxies: [127.0.0.1]\nforwardingHeader: forwarded" }));
const nat = shared(() =>
  boot({
    clock,
    yaml: `trustedProxies: [127.0.0.1]
networks: {shared: [198.51.100.0/24], nat64: ["2001:db8:64::/48"]}`,
  }),
);

type Headers = Readonly<Record<string, string>>;
const xff = (value: string): Headers => ({ "x-forwarded-for": value });
const forwarded = (value: string): Headers => ({ forwarded: value });

/** What the confirmation page says when somebody asks and somebody confirms with these headers of their proxy. */
async function confirm(issuer: string, asker: Headers, approver: Headers): Promise<string> {
  clock.advance(700);
  const start = (await postForm(`${issuer}/device_authorization`, { client_id: "gx1" }, asker))
    .body as unknown as DeviceStart;
  const browser = new Browser(approver);
  const entry = await signIn(browser, start.verification_uri_complete, embeddedVisitor("bob@a.example"));
  return plainText(await browser.submit(entry, {}));
}
const [asked, near] = ["The last four letters", "(the same network)"];

describe("S-72: an address that a proxy writes in its own way is read", () => {
  test.each<[string, string, string, string, string]>([
    ["with a port", "203.0.113.9:40001", "198.51.100.7:40002", "203.0.113.9", "198.51.100.7"],
    ["IPv6 in brackets", "[2001:db8:1::9]", "[2001:db8:2::7]", "2001:db8:1::9", "2001:db8:2::7"],
    ["IPv6 with a port", "[2001:db8:1::9]:4711", "[2001:db8:2::7]:1", "2001:db8:1::9", "2001:db8:2::7"],
    ["in quotes", '"203.0.113.9"', '"[2001:db8::7]:443"', "203.0.113.9", "2001:db8::7"],
  ])("%s", async (_what, asker, approver, seen, own) => {
    const page = await confirm(usual.issuer, xff(asker), xff(approver));
    expect(page).toContain(`Asked from ${seen} This browser ${own} (another network)`);
    expect(page).toContain(asked);
    expect(await confirm(usual.issuer, xff(asker), xff(asker))).toContain(`${seen} ${near}`);
  });

  test("by RFC 7239 where the configuration says so, and then by nothing else", async () => {
    const real = 'For="[2001:db8:1::9]:4711";proto=https;by=203.0.113.43';
    const page = await confirm(rfc7239.issuer, forwarded(real), forwarded("for=198.51.100.7;proto=https"));
    expect(page).toContain("Asked from 2001:db8:1::9 This browser 198.51.100.7 (another network)");
    // What a client wrote itself, with a quote left open to swallow what the proxy adds.
    const open = { ...forwarded(`for=198.51.100.7, for=", ${real}`), ...xff("198.51.100.7") };
    expect(await confirm(rfc7239.issuer, open, forwarded("for=198.51.100.7"))).toContain(asked);
    expect(await confirm(rfc7239.issuer, xff("198.51.100.7"), xff("198.51.100.7"))).toContain(asked);
    expect(await confirm(usual.issuer, forwarded("for=198.51.100.7"), forwarded("for=198.51.100.7"))).toContain(asked);
  });
});

const unreadable = [
  "unknown",
  "_hidden",
  "fe80::1%eth0",
  "198.51.100.7 203.0.113.9",
  "198.51.100",
  "[198.51.100.7]",
  "x",
  "",
];

describe("S-72: an address that cannot be read is unknown", () => {
  test.each(unreadable)("%j: near to nobody, not even to itself, and never the proxy's own", async (value) => {
    for (const [asker, approver] of [
      [value, value],
      [value, "198.51.100.7"],
      ["198.51.100.7", value],
      [`198.51.100.7, ${value}, 127.0.0.1`, "198.51.100.7"],
    ] as const) {
      const page = await confirm(usual.issuer, xff(asker), xff(approver));
      expect(page).toContain(asked);
      expect(page).not.toContain(near);
      expect(page).not.toContain("127.0.0.1");
      expect(page).toContain("It cannot be told whether this login was started on the network of your browser.");
    }
  });

  test("nor is somebody whom the proxy does not name at all, or names as one of the proxies", async () => {
    expect(await confirm(usual.issuer, {}, {})).toContain(asked);
    expect(await confirm(usual.issuer, xff("127.0.0.1"), xff("127.0.0.1"))).toContain(asked);
  });

  test("strangers share no budget by it: everybody behind a badly set proxy could be stopped by one", async () => {
    clock.advance(700);
    const { store } = usual.broker;
    for (const key of ["127.0.0.1", "unknown"]) await store.spend(openCodesOfOne, key, openCodesOfOne.limit);
    for (const header of ["unknown", "x", ""]) {
      const start = await postForm(`${usual.issuer}/device_authorization`, { client_id: "gx1" }, xff(header));
      expect(start.status).toBe(200);
    }
  });

  test("the operator reads of each reason once, without what was sent", async () => {
    await confirm(usual.issuer, xff("x-canary"), {});
    const told = usual.lines.filter((line) => line.includes("address of a client is unknown"));
    expect(told.map((line) => /because|no x-forwarded-for|not an address/.exec(line)?.[0]).sort()).toEqual([
      "no x-forwarded-for",
      "not an address",
    ]);
    expect(told.join()).not.toContain("canary");
  });

  test("the audit says so, and the person's own list", async () => {
    await confirm(usual.issuer, xff("unknown"), xff("unknown"));
    const started = usual.lines.filter((line) => line.includes('"event":"device.started"')).at(-1);
    expect(started).toContain('"address":"unknown"');
  });
});

describe("S-72: behind NAT64 or one big NAT, nearness says nothing", () => {
  test.each<[string, string, string]>([
    ["the well-known prefix: all of IPv4 is in one /48 of IPv6", "64:ff9b::203.0.113.9", "64:ff9b::c633:6407"],
    ["the same one behind it", "64:ff9b::203.0.113.9", "64:ff9b::203.0.113.9"],
    ["a translator's own prefix", "64:ff9b:1::9", "64:ff9b:1::9"],
    ["a prefix that the configuration names", "2001:db8:64:cb00:71:900::", "2001:db8:64:cb00:71:900::"],
    ["a NAT that the configuration names", "198.51.100.7", "198.51.100.7"],
    ["a carrier's own space", "100.64.0.9", "100.64.0.9"],
    ["Teredo", "2001:0:cb00:7109::1", "2001:0:cb00:7109::1"],
  ])("%s", async (_what, asker, approver) => {
    const page = await confirm(nat.issuer, xff(asker), xff(approver));
    expect(page).toContain(asked);
    expect(page).toContain("It cannot be told");
  });

  test("and other networks are compared as ever", async () => {
    expect(await confirm(nat.issuer, xff("203.0.113.9"), xff("203.0.113.200"))).toContain(near);
  });
});
