import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeSeal, Secret, seconds, systemClock, systemRandom } from "../../../src/core/index.ts";
import { createLog } from "../../../src/http/index.ts";
import { rememberInTenant } from "../../../src/issuer/logins/tenant-people.ts";
import { Browser } from "../../support/browser.ts";
import { embeddedVisitor, signIn } from "../../support/device-login.ts";
import { type BootedWithRepository, bootWithRepository } from "../../support/tenant-repository.ts";
import { somebody } from "../../unit/issuer/kit.ts";
import { writeSection } from "../page.ts";

/** Runs the bench of the console; see the page beside this file. */
export async function benchConsole(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      people: { type: "string", default: "20000" },
      grants: { type: "string", default: "2000" },
      rounds: { type: "string", default: "100" },
      write: { type: "boolean" },
    },
  });
  const size = { people: Number(values.people), grants: Number(values.grants), projects: 200 };
  const broker = await bootWithRepository({ log: createLog("silent"), prepare: manyProjects(size.projects) });
  try {
    const result = await measure(broker, size, Number(values.rounds));
    const page = formatResults(size, result);
    console.log(page);
    if (values.write) writeSection("Speed of the console", page);
  } finally {
    await broker.stop();
  }
}

interface Size {
  readonly people: number;
  readonly grants: number;
  readonly projects: number;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const manyProjects = (count: number) => async (folder: string) => {
  const file = join(folder, "policies/targets.yaml");
  const projects = upTo(count).map((i) => `p${i}`);
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("projects: [dev, prod]", `projects: [dev, prod, ${projects.join(", ")}]`));
};

/** The tenant's file: the managers, and many grants to groups on many projects. */
function policyOf({ grants, projects }: Size): string {
  const lines = [
    "kind: Policy\ntenant: customer-a\nsets:",
    "  boss: [{console: {role: tenant-manager}}]",
    ...upTo(projects).map((i) => `  s${i}: [{openstack: {role: member, on: {project: p${i}}}}]`),
    "people:\n  platform: {from: customer-a-idp, all: [{groups: {has: platform}}]}",
    ...upTo(grants).map((i) => `  w${i}: {from: customer-a-idp, all: [{groups: {has: group-${i}}}]}`),
    "grants:\n  - {id: boss, give: boss, to: platform, at: [console]}",
    ...upTo(grants).map((i) => `  - {id: g${i}, give: s${i % projects}, to: w${i}, at: [gx1, gx2]}`),
  ];
  return `${lines.join("\n")}\n`;
}

const given = ["Anna", "Bernd", "Cem", "Dora", "Emil", "Fatma", "Greta", "Hakan", "Ida", "Jan"];

async function populate({ broker, policyFiles }: BootedWithRepository, { people, grants }: Size): Promise<string> {
  const now = await policyFiles?.wouldBe(new Map(), "customer-a");
  if (!now?.ok) throw new Error("the policy does not hold");
  const seal = makeSeal(new Secret("b".repeat(48)), systemRandom);
  const deps = { store: broker.store, seal, clock: systemClock, policy: now.value };
  const times = { knownPerson: seconds(86_400) };
  let last = "";
  for (const i of upTo(people)) {
    const groups = upTo(20).map((n) => `group-${(i * 7 + n * 97) % grants}`);
    const name = `${given[i % given.length]} ${String(i).padStart(5, "0")}`;
    const person = somebody(`u${i}`, groups, { name, email: `u${i}@a.example` });
    await rememberInTenant({ ...deps, times }, person);
    last = person.sub;
  }
  return last;
}

interface Measured {
  readonly firstMillis: number;
  readonly slowestMeanwhile: number;
  readonly pages: ReadonlyMap<string, readonly number[]>;
  readonly bytes: ReadonlyMap<string, number>;
}

async function measure(broker: BootedWithRepository, size: Size, rounds: number): Promise<Measured> {
  await broker.push("customer-a/policy.yaml", policyOf(size));
  const alice = new Browser();
  const sub = await populate(broker, size);
  await signIn(alice, `${broker.issuer}/login?to=account`, embeddedVisitor("alice@a.example"));
  const cookie = `cloudpass=${alice.cookie("cloudpass")}`;
  const open = async (path: string) => {
    const from = performance.now();
    const response = await fetch(`${broker.issuer}${path}`, { headers: { cookie } });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text.slice(0, 300)}`);
    return { millis: performance.now() - from, bytes: Buffer.byteLength(text) };
  };
  const first = { done: false, millis: 0 };
  const opened = open("/console/customer-a/people").then(({ millis }) => Object.assign(first, { done: true, millis }));
  let slowestMeanwhile = 0;
  while (!first.done) slowestMeanwhile = Math.max(slowestMeanwhile, (await open("/livez")).millis);
  await opened;
  const begun = await alice.submit(await alice.open(`${broker.issuer}/console/customer-a/reviews`), {});
  const review = new URL(begun.url).pathname;
  const paths: Readonly<Record<string, string>> = {
    "the limit: /account": "/account",
    people: "/console/customer-a/people",
    "a search in all of them": "/console/customer-a/people?search=dora%2001",
    "a person": `/console/customer-a/people/${sub}`,
    grants: "/console/customer-a/grants",
    "a grant": "/console/customer-a/grants/g1",
    "who has what, by project": "/console/customer-a/places",
    "who has what in a project": "/console/customer-a/places/gx1/project/p1",
    "the form for giving": "/console/customer-a/give",
    changes: "/console/customer-a/changes",
    reviews: "/console/customer-a/reviews",
    "a review of all grants": review,
  };
  const pages = new Map<string, number[]>(Object.keys(paths).map((name) => [name, []]));
  const bytes = new Map<string, number>();
  for (let round = -3; round < rounds; round++) {
    for (const [name, path] of Object.entries(paths)) {
      const { millis, bytes: size } = await open(path);
      bytes.set(name, size);
      if (round >= 0) pages.get(name)?.push(millis);
    }
  }
  return { firstMillis: first.millis, slowestMeanwhile, pages, bytes };
}

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? Number.NaN;

function formatResults(size: Size, { firstMillis, slowestMeanwhile, pages, bytes }: Measured): string {
  const limit = quantile(pages.get("the limit: /account") ?? [], 0.5);
  const rows = [...pages].map(([name, millis]) => {
    const [p50, p95] = [quantile(millis, 0.5), quantile(millis, 0.95)];
    return `| ${name} | ${p50.toFixed(1)} | ${p95.toFixed(1)} | ${(p50 / limit).toFixed(1)} | ${((bytes.get(name) ?? 0) / 1000).toFixed(0)} |`;
  });
  return [
    "# Speed of the console",
    "",
    "Made by `npm run bench -- console --write` (method: [test/bench/console](../../test/bench/console/README.md)).",
    `${size.people} people, ${size.grants} grants, ${size.projects} projects, two clouds and a cluster.`,
    "",
    `Machine: ${cpus().length} shared cores (${cpus()[0]?.model.trim()}), Node ${process.version}; other work on it: load`,
    `${(loadavg()[0] ?? 0).toFixed(1)} at the end. The ratios belong to the pages, the milliseconds to the machine.`,
    "",
    "| milliseconds, request to last byte | p50 | p95 | × the limit | kB |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    `The first page of the tenant took ${Math.round(firstMillis)} ms; the slowest /livez meanwhile ${slowestMeanwhile.toFixed(0)} ms.`,
    "",
  ].join("\n");
}
