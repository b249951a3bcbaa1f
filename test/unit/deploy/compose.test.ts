import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { loadConfig } from "../../../src/config/index.ts";
import { at, read } from "./place.ts";

const secretUse = z.union([z.string(), z.strictObject({ source: z.string(), target: z.string() })]);

/** As much of the Compose specification as our file uses; an unknown key is a slip. */
const service = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  restart: z.literal("unless-stopped"),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  stop_grace_period: z.string().optional(),
  mem_limit: z.string().optional(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  secrets: z.array(secretUse).optional(),
  ports: z.array(z.string()).optional(),
  networks: z.array(z.string()),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal("service_healthy") })).optional(),
  healthcheck: z
    .strictObject({ test: z.array(z.string()), interval: z.string(), timeout: z.string(), retries: z.int() })
    .optional(),
});

const network = z
  .strictObject({
    internal: z.boolean().optional(),
    ipam: z.strictObject({ config: z.array(z.strictObject({ subnet: z.string(), gateway: z.string() })) }).optional(),
  })
  .nullable();

const compose = z
  .strictObject({
    name: z.string(),
    services: z.record(z.string(), service),
    networks: z.record(z.string(), network),
    volumes: z.record(z.string(), z.null()),
    secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
  })
  .parse(parse(read("deploy/compose.yaml")));

const services = Object.entries(compose.services);
const sourceOf = (use: z.infer<typeof secretUse>) => (typeof use === "string" ? use : use.source);

describe("compose.yaml", () => {
  test("every image is pinned by tag and names no registry host", () => {
    expect(services.map(([, s]) => s.image).filter((i) => !/^[a-z0-9-]+(\/[a-z0-9-]+)?:[0-9][\w.-]*$/.test(i))).toEqual(
      [],
    );
  });

  test("the broker is built from the Dockerfile, in the version of package.json", () => {
    const { build, image } = compose.services["broker"] ?? {};
    expect(existsSync(join(at("deploy"), build?.context ?? "?", build?.dockerfile ?? "?"))).toBe(true);
    expect(image).toBe(`cloudpass:${String(JSON.parse(read("package.json")).version)}`);
  });

  test("every name that is used is declared, and every declared one is used", () => {
    const secrets = services.flatMap(([, s]) => (s.secrets ?? []).map(sourceOf));
    const networks = services.flatMap(([, s]) => s.networks);
    const mounts = services.flatMap(([, s]) => (s.volumes ?? []).map((v) => v.split(":")[0] ?? ""));
    const used = (names: readonly string[]) => [...new Set(names)].sort();
    expect(used(secrets)).toEqual(Object.keys(compose.secrets).sort());
    expect(used(networks)).toEqual(Object.keys(compose.networks).sort());
    expect(used(mounts.filter((m) => !m.startsWith(".")))).toEqual(Object.keys(compose.volumes).sort());
    expect(mounts.filter((m) => m.startsWith(".") && !existsSync(join(at("deploy"), m)))).toEqual([]);
    const waitedFor = services.flatMap(([, s]) => Object.keys(s.depends_on ?? {}));
    expect(waitedFor.filter((name) => compose.services[name]?.healthcheck === undefined)).toEqual([]);
  });

  test("secrets come as files of a folder that git ignores, and never as values", () => {
    expect(Object.values(compose.secrets).filter((s) => !s.file.startsWith("./secrets/"))).toEqual([]);
    expect(read("deploy/.gitignore").split("\n")).toContain("secrets/");
    const values = services.flatMap(([, s]) => Object.keys(s.environment ?? {}));
    expect(values.filter((name) => /PASSWORD|SECRET|KEY|TOKEN/.test(name))).toEqual([]);
  });

  test("secrets lie where the broker's configuration looks for them", () => {
    const asked: string[] = [];
    const config = loadConfig(read("deploy/compose/broker.yaml"), "/etc/cloudpass/broker.yaml", (reference) => {
      if ("file" in reference) asked.push(reference.file);
      return "s".repeat(64);
    });
    expect(config.ok).toBe(true);
    const given = (compose.services["broker"]?.secrets ?? []).map((s) => (typeof s === "string" ? s : s.target));
    expect(given.sort()).toEqual(asked.sort());
  });

  test("nothing is reachable from another machine, and Redis from the broker only", () => {
    const ports = services.flatMap(([, s]) => s.ports ?? []);
    expect(ports.filter((p) => !p.startsWith("127.0.0.1:"))).toEqual([]);
    expect(compose.networks["back"]?.internal).toBe(true);
    expect(services.filter(([, s]) => s.networks.includes("back")).map(([n]) => n)).toEqual(["broker", "redis"]);
    expect(compose.services["redis"]?.ports).toBeUndefined();
  });

  test("the broker believes the proxy on the host, as its network shows it, and nobody else", () => {
    const config = loadConfig(read("deploy/compose/broker.yaml"), "broker.yaml", () => "s".repeat(64));
    const gateway = compose.networks["front"]?.ipam?.config[0]?.gateway;
    expect(config.ok && config.value.trustedProxies).toEqual([gateway]);
  });

  test("Redis writes every change before it answers, and never forgets to make room", () => {
    const words = compose.services["redis"]?.command ?? [];
    const wordAfter = (option: string) => words[words.indexOf(option) + 1];
    expect(wordAfter("--appendonly")).toBe("yes");
    expect(wordAfter("--appendfsync")).toBe("always");
    expect(wordAfter("--maxmemory-policy")).toBe("noeviction");
  });

  test("the broker's file system is read-only and it has no capability", () => {
    const broker = compose.services["broker"];
    expect([broker?.read_only, broker?.cap_drop]).toEqual([true, ["ALL"]]);
    expect(broker?.security_opt).toEqual(["no-new-privileges:true"]);
  });
});
