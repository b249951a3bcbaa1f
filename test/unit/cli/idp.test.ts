import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { formatDiff } from "../../../src/cli/operator/idp/diff.ts";
import { type HostileIdp, startHostileIdp } from "../../support/hostile-idp.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const realm = `kind: Realm
realm: scs
organizations:
  - {id: a, name: A, domains: [a.example], upstreams: [a-idp]} # the first one
upstreams:
  - id: a-idp
    template: keycloak
    issuer: https://idp.example/realms/a
    client: {id: x, secret: {env: A_SECRET}, expires: 2027-01-31}
`;
let folder: string;
let idp: HostileIdp;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-idp-"));
  idp = await startHostileIdp();
  await writeFile(join(folder, "ca.pem"), idp.ca);
  await writeFile(
    join(folder, "lab.yaml"),
    "kind: Environment\nissuer: https://login.example\ncaFile: ca.pem\nprobe: {allow: [127.0.0.1/32]}\n",
  );
});
beforeEach(async () => {
  idp.reset();
  file = join(folder, "realms", "scs.yaml");
  await rm(join(folder, "realms"), { recursive: true, force: true });
  await mkdir(join(folder, "realms"));
  await writeFile(file, realm);
});
afterAll(async () => {
  await idp.stop();
  await rm(folder, { recursive: true });
});

async function cli(argv: readonly string[], env: Record<string, string> = {}) {
  const terminal = fakeTerminal({ HOME: folder, ...env });
  const exitCode = await runCli(["idp", ...argv], {
    version: "0.0.0",
    serve: async () => 0,
    terminal,
  });
  return { exitCode, out: terminal.out(), err: terminal.err() };
}
const lab = () => ["--environment", join(folder, "lab.yaml")];
const now = () => readFile(file, "utf8");

describe("idp check", () => {
  test("ends with 0 for a good one, 1 for a wrong one, 3 for one that is not there", async () => {
    expect((await cli(["check", idp.issuer, ...lab()])).exitCode).toBe(0);
    idp.state.metadata["issuer"] = "https://other.example";
    const wrong = await cli(["check", idp.issuer, ...lab()]);
    expect(wrong.exitCode).toBe(1);
    expect(wrong.out).toMatch(/fail {2}issuer: it calls itself https:\/\/other\.example\n +→ write exactly/);
    expect((await cli(["check", "https://127.0.0.1:1", ...lab()])).exitCode).toBe(3);
  });

  test("without an environment that allows it, asks nobody on this machine", async () => {
    const { exitCode, out } = await cli(["check", idp.issuer]);
    expect(exitCode).toBe(1);
    expect(out).toContain("not a public address");
    expect(idp.asked).toEqual([]);
  });

  test("tells a program as JSON, and takes a file", async () => {
    const metadata = join(folder, "idp.xml");
    await writeFile(metadata, idp.state.saml);
    const report = JSON.parse((await cli(["check", metadata, ...lab(), "--output", "json"])).out);
    expect(report).toMatchObject({ version: 1, kind: "saml", reached: true });
  });
});

describe("idp add", () => {
  const wanted = () => [
    ...["add", file, "--id", "b-idp", "--issuer", idp.issuer, "--client-id", "cloudpass", "--secret-env", "B_SECRET"],
    ...["--organization", "b", "--organization-name", "B", "--domain", "b.example", ...lab()],
  ];

  test("checks it, shows what it would write, and writes it as a draft", async () => {
    const shown = await cli([...wanted(), "--dry-run"]);
    expect(shown.exitCode).toBe(2);
    expect(shown.out).toContain("+   - id: b-idp");
    expect(await now()).toBe(realm);
    const done = await cli([...wanted(), "--yes"]);
    expect(done.exitCode).toBe(0);
    expect(await now()).toContain(
      "# the first one\n  - id: b\n    name: B\n    domains: [b.example]\n    login: b-idp\n",
    );
    expect(await now()).toMatch(
      /client: \{id: cloudpass, secret: \{env: B_SECRET\}\}\n {4}claims: \[groups\]\n {4}stage: draft\n$/,
    );
    expect(done.err).toContain("https://<your Keycloak>/realms/scs/broker/b-idp/endpoint");
    expect(done.err).not.toContain("REALM");
  });

  test("tells the redirect URI as the realm's own issuer has it, or else as the environment file does", async () => {
    const account = "username: u, password: {env: B_SECRET}";
    await writeFile(
      join(folder, "two.yaml"),
      `kind: Environment\nissuer: https://login.example\ncaFile: ca.pem\nprobe: {allow: [127.0.0.1/32]}
keycloaks: {main: {url: "https://wrong.example", ${account}}, inside: {url: "${idp.issuer}/", ${account}}}\n`,
    );
    await writeFile(file, realm.replace("realm: scs", "realm: customers\nkeycloak: inside"));
    const add = () => cli([...wanted().slice(0, -1), join(folder, "two.yaml"), "--yes"], { B_SECRET: "s" });
    expect((await add()).err).toContain(`redirect URI: ${idp.issuer}/realms/customers/broker/b-idp/endpoint`);
    await writeFile(file, realm.replace("realm: scs", "realm: customers\nkeycloak: inside"));
    idp.state.answers["/realms/customers/.well-known/openid-configuration"] = (answer) => {
      answer.writeHead(200, { "content-type": "application/json" });
      answer.end(JSON.stringify({ issuer: "https://keycloak.example/realms/customers" }));
    };
    expect((await add()).err).toContain(
      "redirect URI: https://keycloak.example/realms/customers/broker/b-idp/endpoint",
    );
  });

  test("writes nothing for one that fails its check, for an id that is taken, or when nobody was asked", async () => {
    idp.state.keys = [];
    expect((await cli([...wanted(), "--yes"])).err).toContain("the check of the identity provider failed");
    idp.reset();
    expect((await cli([...wanted(), "--id", "a-idp", "--yes"])).exitCode).toBe(1);
    expect((await cli(wanted())).err).toContain("nobody could be asked");
    expect((await cli(["add", file, ...lab()])).err).toMatch(/missing: id[\s\S]*give --id/);
    expect(await now()).toBe(realm);
  });

  test("reads a SAML provider from its metadata", async () => {
    const saml = ["add", file, "--id", "c-idp", "--metadata", `${idp.issuer}/saml/descriptor`, ...lab(), "--yes"];
    expect((await cli(saml)).exitCode).toBe(0);
    expect(await now()).toContain(
      `template: saml\n    entityId: ${idp.issuer}/saml\n    singleSignOn: ${idp.issuer}/sso\n`,
    );
  });
});

describe("idp stage", () => {
  test("goes from draft by testing to active, never past the testers", async () => {
    const to = (name: string, ...more: string[]) =>
      cli(["stage", "a-idp", name, join(folder, "realms"), "--yes", ...more]);
    expect((await to("testing")).err).toContain("no tester is named");
    expect((await to("testing", "--tester", "ann")).exitCode).toBe(0);
    expect((await to("draft")).exitCode).toBe(0);
    expect((await to("active")).err).toMatch(/it cannot go from draft to active[\s\S]*next may be: testing/);
    expect((await to("testing", "--tester", "ann")).exitCode).toBe(0);
    expect((await to("active")).exitCode).toBe(0);
    expect(await now()).toBe(`${realm}    stage: active\n`);
    expect((await to("actve")).err).toContain('did you mean "active"?');
  });
});

describe("idp rotate", () => {
  const rotate = (secret: string) =>
    cli(
      ["rotate", "a-idp", join(folder, "realms"), "--secret-env", "NEW", "--expires", "2028-01-31", "--yes", ...lab()],
      {
        NEW: secret,
      },
    );
  /** A token endpoint that knows one secret; `codeFirst` looks at the code before it looks at the client. */
  function knows(secret: string, codeFirst = false): void {
    idp.state.metadata["issuer"] = `${idp.issuer}/realms/a`;
    idp.state.answers["/realms/a/.well-known/openid-configuration"] = (answer) =>
      answer.setHeader("content-type", "application/json").end(JSON.stringify(idp.state.metadata));
    idp.state.answers["/token"] = (answer) => {
      const [, basic = ""] = (answer.req.headers.authorization ?? "").split(" ");
      const good = codeFirst || Buffer.from(basic, "base64").toString() === `x:${secret}`;
      const body = JSON.stringify({ error: good ? "invalid_grant" : "invalid_client" });
      answer.writeHead(good ? 400 : 401, { "content-type": "application/json" }).end(body);
    };
  }
  beforeEach(() => writeFile(file, realm.replace("https://idp.example", idp.issuer)));

  test("writes the new reference after the identity provider took the secret", async () => {
    knows("good");
    const { exitCode, err } = await rotate("good");
    expect(exitCode).toBe(0);
    expect(err).toContain("takes the new secret");
    expect(await now()).toContain("client: {id: x, secret: {env: NEW}, expires: 2028-01-31}");
  });

  test("writes nothing with a secret that is refused, and says when it cannot be told", async () => {
    knows("good");
    const refused = await rotate("bad");
    expect(refused.exitCode).toBe(1);
    expect(refused.err).toContain("refuses the new secret");
    expect(refused.err + refused.out).not.toContain("bad");
    expect(await now()).toContain("secret: {env: A_SECRET}");
    knows("good", true);
    expect((await rotate("bad")).err).toContain("does not tell a right secret from a wrong one");
  });
});

describe("idp list", () => {
  test("tells what ends, in days, for people and for programs", async () => {
    await cli(["add", file, "--id", "c-idp", "--metadata", `${idp.issuer}/saml/descriptor`, ...lab(), "--yes"]);
    const { out } = await cli(["list", join(folder, "realms"), "--offline", "--output", "json"]);
    const { providers } = JSON.parse(out);
    expect(providers).toMatchObject([
      {
        alias: "a-idp",
        stage: "active",
        organizations: ["a"],
        expiries: [{ what: "client secret", at: "2027-02-01T00:00:00Z" }],
      },
      { alias: "c-idp", stage: "draft", expiries: [{ what: "signing certificate", name: "saml signing" }] },
    ]);
    expect(providers[1].expiries[0].days).toBeGreaterThan(298);
    expect((await cli(["list", join(folder, "realms"), "--offline"])).out).toMatch(
      /c-idp {2}draft\n[\s\S]*ends in \d+ days/,
    );
  });
});

test("idp list --metrics tells the days that are left", async () => {
  const { out } = await cli(["list", join(folder, "realms"), "--offline", "--metrics"]);
  expect(out).toMatch(
    /cloudpass_idp_expiry_days\{realm="scs",idp="a-idp",what="client secret",name="x"\} -?\d+\n# EOF\n$/,
  );
});

test("a diff shows what came and went with its surroundings", () => {
  expect(formatDiff("a\nb\nc\nd\ne\nf\ng", "a\nb\nC\nd\ne\nf\ng\nh")).toEqual([
    "  a",
    "  b",
    "- c",
    "+ C",
    "  d",
    "  e",
    "  f",
    "  g",
    "+ h",
  ]);
});
