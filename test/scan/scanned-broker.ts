import { Browser } from "../support/browser.ts";
import { consoleToken } from "../support/console-login.ts";
import { embeddedVisitor, signIn } from "../support/device-login.ts";
import { inMemoryMembers } from "../support/members-in-memory.ts";
import { startSmallKeystone } from "../support/small-keystone.ts";
import { type BootedWithRepository, bootWithRepository } from "../support/tenant-repository.ts";

/** A broker with a console whose clouds answer, for whoever attacks it. */
export async function startScannedBroker(): Promise<BootedWithRepository> {
  const clouds = [
    await startSmallKeystone("gx1"),
    await startSmallKeystone("gx2", { "customer-a": "d000001" }),
  ] as const;
  for (const cloud of clouds) for (const name of ["dev", "prod"]) cloud.add({ name });
  const [gx1, gx2] = clouds;
  const booted = await bootWithRepository({
    keptTargets: ["gx1", "gx2", "prod1"],
    members: inMemoryMembers((alias) => (alias === "customer-a-idp" ? "customer-a" : undefined)).access,
    yaml: `endpoints: {gx1: "${gx1.url}", gx2: "${gx2.url}"}`,
  });
  const stop = () => booted.stop().finally(() => Promise.all(clouds.map((cloud) => cloud.stop())));
  return { ...booted, stop: async () => void (await stop()) };
}

/** A manager's token for the API. */
export async function managersToken({ issuer }: BootedWithRepository): Promise<string> {
  const token = await consoleToken(issuer, "alice@a.example");
  if (token === undefined) throw new Error("the manager got no token for the console");
  return token;
}

/** A manager's browser session, as the `Cookie` header brings it; beside her, somebody to be found. */
export async function managersCookie({ issuer }: BootedWithRepository): Promise<string> {
  await signIn(new Browser(), `${issuer}/login?to=account`, embeddedVisitor("bob@a.example"));
  const alice = new Browser();
  await signIn(alice, `${issuer}/login?to=console`, embeddedVisitor("alice@a.example"));
  return `cloudpass=${alice.cookie("cloudpass")}`;
}
