import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { makeCertificate } from "../../support/certificates.ts";
import { stepsOf } from "../../support/how-to.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const place = await mkdtemp(join(tmpdir(), "cloudpass-begin-"));
afterAll(() => rm(place, { recursive: true }));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(place, "f-"));
});

/** A command of somebody at a terminal who answers in this order, or of a script. */
async function cli(
  argv: readonly string[],
  { env = {}, typed }: { env?: Record<string, string>; typed?: string[] } = {},
) {
  const terminal = fakeTerminal({ HOME: place, ...env }, { tty: typed !== undefined });
  const answers = [...(typed ?? [])];
  const write = terminal.stderr.write.bind(terminal.stderr);
  Object.assign(terminal.stderr, {
    write: (text: string) => {
      if (text.endsWith(": ")) setImmediate(() => terminal.stdin.push(keysOf(answers.shift() ?? "")));
      return write(text);
    },
  });
  const code = await runCli(argv, { version: "0.0.0", serve: async () => 0, terminal });
  return { code, out: terminal.out(), err: terminal.err() };
}

/** A line, or a key that ends it all. */
const keysOf = (typed: string): string => (["\u0003", "\u0004"].includes(typed) ? typed : `${typed}\n`);

const one = ["--issuer", "https://login.example", "--keycloak", "https://keycloak.example"];
const gx1 = ["--cloud", "gx1=https://api.gx1.example:5000/v3"];
const acme = ["--customer", "acme=acme.example,https://idp.acme.example/realms/people"];
const more = [
  ...["--cloud", "gx2=https://api.gx2.example:5000/v3", "--cluster", "prod1=https://k8s.prod1.example:6443"],
  ...["--customer", "beta-2=beta.example,https://idp.beta.example"],
];

const filesBelow = async (at: string): Promise<string[]> =>
  (await readdir(at, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(at.length + 1))
    .sort();

/** All texts, and the variables with what an operator would fill in. */
async function written() {
  const texts = new Map<string, string>();
  for (const file of await filesBelow(folder)) texts.set(file, await readFile(join(folder, file), "utf8"));
  const env = Object.fromEntries(
    [...(texts.get("cloudpass.env") ?? "").matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [
      name,
      value || "filled",
    ]),
  );
  return { texts, env };
}

describe.each([
  ["for one cloud and one customer", [...one, ...gx1, ...acme], ["policies/acme.yaml"]],
  [
    "for two clouds, a cluster and two customers",
    [...one, ...gx1, ...acme, ...more],
    ["policies/acme.yaml", "policies/beta-2.yaml"],
  ],
])("the files %s", (_what, flags, customers) => {
  test("are complete: every command that checks takes them without a warning", async () => {
    expect(await cli(["init", folder, ...flags])).toMatchObject({ code: 0, err: "" });
    const { texts, env } = await written();
    expect([...texts.keys()]).toEqual([
      ".gitignore",
      "broker.yaml",
      "cloudpass.env",
      "environment.yaml",
      ...customers,
      "policies/targets.yaml",
      "realms/cloudpass.yaml",
    ]);
    const at = (name: string) => join(folder, name);
    await cli(["keys", "create", at("keys.json")]);
    const checked = await cli(["config", "check", at("broker.yaml")], { env });
    expect(checked).toMatchObject({ code: 0, err: expect.stringContaining("The configuration is good") });
    expect(checked.err).not.toContain("warning");
    expect(await cli(["policies", "check", "--strict", at("policies")])).toMatchObject({ code: 0 });
    expect(await cli(["realms", "validate", "--secrets", at("realms")], { env })).toMatchObject({ code: 0 });
    const rendered = await cli(["targets", "render", "gx1", "-p", at("policies"), "-e", at("environment.yaml")], {
      env,
    });
    expect(rendered).toMatchObject({ code: 0, out: expect.stringContaining("https://login.example/jwks") });
  });

  test("have each address once", async () => {
    await cli(["init", folder, ...flags]);
    const all = [...(await written()).texts.values()].join("\n");
    const addresses = flags.flatMap((flag) => /https:\/\/\S+$/.exec(flag)?.[0] ?? []);
    expect(addresses.map((address) => [address, all.split(address).length - 1])).toEqual(
      addresses.map((address) => [address, 1]),
    );
  });
});

describe("the secrets", () => {
  test("are made, different each time, and only their owner can read them", async () => {
    const secret = async () => {
      await cli(["init", folder, ...one, ...gx1, ...acme]);
      const { env } = await written();
      return env;
    };
    const first = await secret();
    expect((await lstat(join(folder, "cloudpass.env"))).mode & 0o777).toBe(0o600);
    folder = await mkdtemp(join(place, "f-"));
    const second = await secret();
    expect(first["MASTER_KEY"]).toMatch(/^[\w-]{64}$/);
    expect(first["MASTER_KEY"]).not.toBe(second["MASTER_KEY"]);
    expect(first["CLOUD_GX1_PASSWORD"]).not.toBe(second["CLOUD_GX1_PASSWORD"]);
  });

  test("are shown by no dry run, which writes nothing", async () => {
    for (const output of ["text", "json"]) {
      const { code, out } = await cli(["init", folder, ...one, ...gx1, ...acme, "--dry-run", "-o", output]);
      expect(code).toBe(0);
      expect(out).toContain("MASTER_KEY=(made when it is written)");
      expect(out).toContain("kind: Targets");
    }
    expect(await filesBelow(folder)).toEqual([]);
  });
});

describe("what is there", () => {
  test.each(["cloudpass.env", "policies/acme.yaml"])("is never overwritten: %s", async (file) => {
    await mkdir(join(folder, "policies"));
    await writeFile(join(folder, file), "mine");
    const refused = await cli(["init", folder, ...one, ...gx1, ...acme]);
    expect(refused).toMatchObject({ code: 1, out: "", err: expect.stringContaining(`the folder has ${file} already`) });
    expect(await filesBelow(folder)).toEqual([file]);
    expect(await readFile(join(folder, file), "utf8")).toBe("mine");
  });

  test("is not written through, either: a link that leads nowhere", async () => {
    await symlink(join(place, "elsewhere"), join(folder, "broker.yaml"));
    expect(await cli(["init", folder, ...one, ...gx1, ...acme])).toMatchObject({ code: 1 });
    expect(await filesBelow(folder)).toEqual([]);
  });

  test("stays when other files are in the folder, and where one cannot be written none is", async () => {
    await writeFile(join(folder, "ca.pem"), "mine");
    await writeFile(join(folder, "realms"), "in the way");
    expect((await cli(["init", folder, ...one, ...gx1, ...acme])).code).toBe(1);
    expect(await filesBelow(folder)).toEqual(["ca.pem", "realms"]);
    await rm(join(folder, "realms"));
    expect((await cli(["init", folder, ...one, ...gx1, ...acme])).code).toBe(0);
  });
});

describe("who is asked", () => {
  test("a script that gives nothing is told of every flag at once", async () => {
    const { code, err } = await cli(["init", folder]);
    expect(code).toBe(1);
    for (const flag of ["--issuer", "--keycloak", "--cloud", "--cluster", "--customer"]) expect(err).toContain(flag);
    expect(await filesBelow(folder)).toEqual([]);
  });

  test("a person answers a handful of questions, and one again that could not be used", async () => {
    const typed = [
      ...["login.example", "https://login.example/", "https://keycloak.example"],
      ...["gx1=https://api.gx1.example:5000", "gx1=https://api.gx1.example:5000/v3", "", ""],
      ...["acme=acme.example,https://idp.acme.example/realms/people", ""],
    ];
    const { code, out, err } = await cli(["init", folder], { typed });
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining("does not end in /v3") });
    expect(out).toContain("Next, in this order:");
    const { texts } = await written();
    expect(texts.get("cloudpass.env")).toContain("CLOUDPASS_ISSUER=https://login.example\n");
    expect(texts.get("policies/targets.yaml")).toContain('keystone: "https://api.gx1.example:5000/v3"');
  });

  test.each([
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
  ])("%s at any question is no answer: nothing is written", async (_key, typed) => {
    const asked = ["gx1=https://gx1.example/v3", "", "", "acme=acme.example,https://idp.acme.example", ""];
    for (let n = 0; n <= asked.length - 1; n++) {
      const { code, err } = await cli(["init", folder, ...one], { typed: [...asked.slice(0, n), typed] });
      expect([n, code, err]).toEqual([n, 1, expect.stringContaining("Nothing was written.")]);
      expect(await filesBelow(folder)).toEqual([]);
    }
  });

  test.each<[string, string[], RegExp]>([
    ["an address that is none", ["--issuer", "login.example"], /"login\.example" is no address of a broker/],
    ["http to another machine", ["--issuer", "http://login.example"], /no address of a broker/],
    ["an issuer below a path", ["--issuer", "https://x.example/login"], /an issuer below a path is not supported/],
    ["what a shell would run", ["--keycloak", "https://kc.example/$(id)"], /no address of a server/],
    ["a cloud without a name", ["--cloud", "https://x.example/v3"], /is not a name and an address of a cloud/],
    ["a name that YAML takes for nothing", ["--cloud", "null=https://x.example/v3"], /"null" is no name for a cloud/],
    ["one name for two things", ["--cluster", "gx1=https://x.example"], /"gx1" is a cloud or cluster twice/],
    ["half a customer", ["--customer", "acme=acme.example"], /is not a customer's name/],
    ["a customer twice", acme, /"acme" is a customer twice/],
    ["a certificate without a key", ["--tls-cert", "x.pem"], /certificate and key belong together/],
    ["a certificate that is not there", ["--tls-cert", "x.pem", "--tls-key", "y.pem"], /x\.pem is not there/],
    ["a name of the broker's own", ["--cloud", "console=https://x.example/v3"], /"console" is no name for a cloud/],
    ["the name of another file", ["--customer", "targets=a.example,https://x.example"], /no name for a customer/],
  ])("%s is refused, and nothing is written", async (_what, flags, message) => {
    const { code, err } = await cli(["init", folder, ...one, ...gx1, ...acme, ...flags]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(message) });
    expect(err).not.toContain("cloudpass-init-");
    expect(await filesBelow(folder)).toEqual([]);
  });
});

test("what comes next is for the folder, the whole way to a login", async () => {
  const { out } = await cli(["init", folder, ...one, ...gx1, ...acme, ...more, "-o", "json"]);
  const said = JSON.parse(out) as { fill_in: string[]; next: { commands: string[] }[] };
  expect(said.fill_in).toEqual(["KEYCLOAK_PASSWORD", "IDP_ACME_SECRET", "IDP_BETA_2_SECRET"]);
  const commands = said.next.flatMap((step) => step.commands);
  expect(commands.slice(0, 3)).toEqual([
    "set -a; . ./cloudpass.env; set +a",
    "cloudpass keys create",
    "cloudpass config check broker.yaml",
  ]);
  expect(commands.at(-2)).toBe("cloudpass login");
});

test("every command that it prints stands on the page that a test types, on real servers", async () => {
  const steps = stepsOf("../tutorial/your-first-hour.md", {}).flatMap((step) =>
    step.kind === "run" ? step.command : [],
  );
  const typed = steps.find((command) => command.startsWith("cloudpass init ")) ?? "";
  const { cert, key } = makeCertificate({ name: "broker", ends: 30, hosts: ["127.0.0.1"] });
  for (const [name, pem] of [
    ["broker.crt", cert],
    ["ca.crt", cert],
    ["broker.key", key],
  ] as const)
    await writeFile(join(folder, name), pem, { mode: 0o600 });
  const flags = typed
    .split(" ")
    .slice(3)
    .map((word) => (/^(?:broker|ca)\.(?:crt|key)$/.test(word) ? join(folder, word) : word));
  const { out, err } = await cli(["init", join(folder, "federation"), ...flags, "-o", "json"]);
  expect(err).toBe("");
  const { next } = JSON.parse(out) as { next: { commands: string[] }[] };
  const printed = next.flatMap((step) => step.commands);
  expect(printed.length).toBeGreaterThan(15);
  // On the page somebody says yes ahead, or logs in by a code.
  expect(printed.filter((command) => !steps.some((step) => step.startsWith(command)))).toEqual([]);
});
