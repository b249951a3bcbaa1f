import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../../src/config/index.ts";
import { at, read } from "./place.ts";

const unit = new Map<string, string[]>();
for (const line of read("deploy/systemd/cloudpass.service").split("\n")) {
  const [, key, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
  if (key !== undefined && value !== undefined) unit.set(key, [...(unit.get(key) ?? []), value]);
}
const only = (key: string) => unit.get(key)?.[0];

describe("the systemd unit", () => {
  test("it starts what the image starts, with the configuration of the example's place", () => {
    expect(only("ExecStart")).toBe(
      "/usr/bin/node /opt/cloudpass/dist/main.js serve --config /etc/cloudpass/broker.yaml",
    );
  });

  test("the keys of the example lie in the unit's own state folder", () => {
    const config = loadConfig(read("deploy/broker.yaml"), at("deploy/broker.yaml"), () => "s".repeat(64));
    expect(config.ok && dirname(String(config.value.keys))).toBe(`/var/lib/${only("StateDirectory")}`);
  });

  test("it runs without root, without capabilities and without writing outside its state folder", () => {
    const wanted = {
      User: "cloudpass",
      NoNewPrivileges: "yes",
      CapabilityBoundingSet: "",
      ProtectSystem: "strict",
      ProtectHome: "yes",
      PrivateTmp: "yes",
      RestrictSUIDSGID: "yes",
      StateDirectoryMode: "0700",
      UMask: "0077",
    };
    expect(Object.fromEntries(Object.keys(wanted).map((key) => [key, only(key)]))).toEqual(wanted);
  });

  test("it waits longer for the end than the broker takes for it", () => {
    expect(Number(only("TimeoutStopSec"))).toBeGreaterThan(8);
  });
});
