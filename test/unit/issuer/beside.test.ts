import { expect, test } from "vitest";
import { createNetworks } from "../../../src/http/index.ts";
import type { CodeRecord } from "../../../src/issuer/authorize/pending-authorization.ts";
import type { Client } from "../../../src/issuer/clients/registry.ts";
import { wayOf } from "../../../src/issuer/grants/beside.ts";

const [here, near, far] = ["203.0.113.20", "203.0.113.99", "198.51.100.66"];
const [loopback, web, own] = [
  "http://127.0.0.1:7777/callback",
  "https://portal.example/callback",
  "org.example.app:/back",
];

test.each<[string, string | undefined, string, "browser" | "apart" | "elsewhere"]>([
  ["the same network", here, near, "browser"],
  ["another one", here, far, "elsewhere"],
  ["another family of addresses, of which nobody knows whose it is", here, "2001:db8::1", "elsewhere"],
  ["an approver who cannot be placed", "unknown", far, "apart"],
  ["an asker who cannot be placed", here, "unknown", "apart"],
  ["two who cannot be placed, in the same words", "unknown", "unknown", "apart"],
  ["two behind the same carrier's NAT", "100.64.1.1", "100.64.1.1", "apart"],
  ["two behind translators", "64:ff9b::cb00:7114", "64:ff9b::cb00:7114", "apart"],
  ["a code from before the address was kept", undefined, far, "apart"],
])("a public client, %s", (_what, confirmedFrom, address, way) => {
  for (const redirectUri of [loopback, web, own]) expect(decide({}, redirectUri, confirmedFrom, address)).toBe(way);
});

test("a confidential client: only one on the web has a server elsewhere", () => {
  const secret = { authentication: { kind: "private_key_jwt", keys: [] } } as const;
  expect(decide(secret, web, here, far)).toBe("browser");
  expect(decide(secret, loopback, here, far)).toBe("elsewhere");
  expect(decide(secret, own, here, far)).toBe("elsewhere");
});

test("where the operator allows it, a login that carries less", () => {
  expect(decide({ deviceOrigin: "allow-insecure" }, loopback, here, far)).toBe("apart");
  expect(decide({ deviceOrigin: "deny" }, loopback, here, far)).toBe("elsewhere");
});

function decide(more: Partial<Client>, redirectUri: string, confirmedFrom: string | undefined, address: string) {
  const client = { authentication: { kind: "none" }, deviceOrigin: "challenge", ...more } as Client;
  const record = { request: { redirectUri }, ...(confirmedFrom !== undefined && { confirmedFrom }) } as CodeRecord;
  return wayOf({ networks: createNetworks() }, client, record, address);
}
