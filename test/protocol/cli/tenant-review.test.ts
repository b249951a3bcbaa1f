import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { browserLogin } from "../../support/browser-login.ts";
import { runCommand } from "../../support/command.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";

// Alice reviews the grants of customer A at the command line.

const broker = shared(() => bootWithRepository());
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-review-"));
  await browserLogin(broker.issuer, home, "alice@a.example");
});
afterAll(() => rm(home, { recursive: true }));

const run = (words: string) =>
  runCommand(["tenant", "review", ...words.split(" ")], {
    env: { HOME: home, XDG_STATE_HOME: join(home, "state"), CLOUDPASS_ISSUER: broker.issuer },
  });
const json = async (words: string) => JSON.parse((await run(`${words} --output json`)).out) as Record<string, unknown>;
const due = new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10);

test("a review from its beginning to its result", { timeout: 120_000 }, async () => {
  expect(await run("list")).toEqual({ exitCode: 0, out: "none\n", err: "" });
  expect(await run("show")).toMatchObject({
    exitCode: 1,
    err: "cloudpass: no review is under way\n  → begin one: cloudpass tenant review start --due 2027-01-31\n",
  });
  const begun = await run(`start --due ${due}`);
  const name = /review (\S+), due/.exec(begun.out)?.[1] ?? "";
  expect(begun).toEqual({ exitCode: 0, err: "", out: `Begun: review ${name}, due ${due}T00:00:00Z\n` });
  expect((await run(`start --due ${due} --unconfirmed take-back`)).err).toContain(`the review ${name} is under way`);
  const { out } = await run("show");
  expect(out).toMatch(new RegExp(`^Review ${name}: 5 of 5 grants left, due ${due}T00:00:00Z\nGRANT +SET .*WHY\n`));
  expect(out).toMatch(/^dev +developer +developers +gx1, gx2, prod1 +1 +in no review yet; no token in 90 days$/m);

  expect(await run("confirm --unchanged")).toMatchObject({ exitCode: 0, out: "Confirmed: 0\n" });
  expect((await run("confirm")).err).toContain("what to confirm is not clear");
  expect((await run("confirm nothing")).err).toContain(`not in the review ${name}: nothing\n`);
  expect(await run("confirm audit audit-console dm")).toMatchObject({ exitCode: 0, out: "Confirmed: 3\n" });
  const unsaid = await run("shorten dev --until 2099-01-31");
  expect([unsaid.exitCode, unsaid.err]).toEqual([1, expect.stringMatching(/^This ends at 2099-01-31:\n {2}dev: .*\n/)]);
  const shortened = await run("shorten dev --until 2099-01-31 --yes");
  expect(shortened).toMatchObject({ exitCode: 0, out: `Changed: 1, commit ${await broker.head()}\n` });
  const refused = await run("take-back dm-console --yes");
  expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining("tenant-manager")]);
  expect((await run("close")).err).toContain("1 grant is not decided yet");
  await run("confirm dm-console");
  expect(await run("close")).toMatchObject({ exitCode: 0, out: `Closed: review ${name}, 5 grants\n` });

  expect((await run("list")).out).toBe(
    `REVIEW      RESULT                    CLOSED BY\n${name}  4 confirmed, 1 shortened  Alice Ahrens\n`,
  );
  expect((await run(`show ${name}`)).out).toMatch(/^dev .* shortened until 2099-01-31 +Alice Ahrens$/m);
  expect(await json(`show ${name}`)).toMatchObject({ tenant: "customer-a", past: { review: name } });
  expect((await run("show 1999-01-01")).err).toBe("cloudpass: there is no such review\n");
});
