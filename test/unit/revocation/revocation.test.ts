import { afterEach, describe, expect, test } from "vitest";
import {
  err,
  Fault,
  type LoginId,
  type MintedName,
  ok,
  type PageError,
  type Person,
  type Result,
  refusal,
  seconds,
} from "../../../src/core/index.ts";
import { revokePerson } from "../../../src/issuer/index.ts";
import { createMint } from "../../../src/issuer/tokens/mint.ts";
import { cloudGrants } from "../../../src/jobs/index.ts";
import { memoryLease } from "../../../src/reconcile/index.ts";
import { gatedStore } from "../../../src/relying-party/index.ts";
import { loseCloudGrants, noteIssued } from "../../../src/revocation/cloud-grant.ts";
import type { NotifyCloud } from "../../../src/revocation/notify-cloud.ts";
import { createRevocation, type Revocation } from "../../../src/revocation/revocation.ts";
import { claimsOf } from "../../support/device-login.ts";
import { passTime } from "../../support/pass-time.ts";
import { type Kit, kit, logIn, somebody, told } from "../issuer/kit.ts";
import { heldScheduler } from "../jobs/kit.ts";
import { examples, mustLoad } from "../policy/kit.ts";

/** What a cloud was told. */
interface Push {
  readonly target: string;
  readonly sub: unknown;
  readonly groups: unknown;
  readonly life: number;
}

const dev = "cp.customer-a.developer" as MintedName;
const manager = "cp.customer-a.domain-manager" as MintedName;
const audience = (target: string) => ({ resource: `urn:cloudpass:target:${target}` });

/** Clouds that note what they are told; `answer` may fail. */
function clouds(answer: (target: string) => boolean = () => true) {
  const pushes: Push[] = [];
  const notify: NotifyCloud = async ({ target, accessToken }) => {
    const { aud, sub, groups, exp, iat } = claimsOf(accessToken);
    expect(aud).toBe(target);
    pushes.push({ target, sub, groups, life: Number(exp) - Number(iat) });
    return answer(target);
  };
  return { pushes, notify };
}

const opened: Revocation[] = [];
afterEach(async () => {
  for (const revocation of opened.splice(0)) await revocation.stop(0);
});

/** Cloud grants by themselves, with logins that a test makes by hand. */
function open(notify: NotifyCloud, k: Kit = kit()) {
  const problems: unknown[] = [];
  const notice = (message: string, problem?: unknown) => void problems.push(problem ?? message);
  const deps = { ...k.parts, mint: createMint(k.parts) };
  const revocation = createRevocation(deps, { notify, every: seconds(30), notice });
  opened.push(revocation);
  const issue = async (person: Person, groups: MintedName[], more: { target?: string; login?: string } = {}) => {
    const { target = "gx1", login = "l1" } = more;
    revocation.tokensIssued(tokensOf(k, person, groups, { target, login }));
    await revocation.idle();
  };
  /** What everybody is asked anew, after the interval. */
  const round = async (after = 31) => {
    k.clock.advance(after);
    await revocation.round();
    await revocation.idle();
  };
  return { k, revocation, issue, round, problems };
}

/** A token that is noted without waiting for anything else that is under way. */
const issueBeside = (k: Kit, person: Person, groups: MintedName[]) =>
  noteIssued(k.parts, tokensOf(k, person, groups, { target: "gx1", login: "l1" }));

function tokensOf(
  k: Kit,
  person: Person,
  groups: MintedName[],
  { target, login: id }: { target: string; login: string },
) {
  const behind = { kind: "sign-in", realmGrant: `${id}:${person.realmSubject}` } as const;
  const login = { person, loginMethod: "browser", behind } as const;
  const rights = { audience: target, groups };
  return { loginId: id as LoginId, login, client: "console-tool", rights, expiresAt: later(k, 600) };
}

const later = (k: Kit, by: number) => (k.clock.now() + by) as ReturnType<Kit["clock"]["now"]>;
const alice = somebody("alice", ["developers", "platform"]);
const now = (groups: readonly string[]) => async (): Promise<Result<Person, PageError>> =>
  ok(somebody("alice", groups));
const refused = async (): Promise<Result<Person, PageError>> => err(refusal("login_failed", "no", "user disabled"));
const gone = async (): Promise<Result<Person, PageError>> => err(refusal("login_expired", "no", "the grant is gone"));

describe("a person who lost a group at the identity provider, and does nothing", () => {
  test("a round finds it, and each cloud is told what is left there; the audit says so", async () => {
    const { pushes, notify } = clouds();
    const { k, issue, round } = open(notify);
    await issue(alice, [dev, manager]);
    await issue(alice, [dev, manager], { target: "gx2" });
    k.relyingParty.answers = now(["developers", "platform"]);
    await round();
    expect(pushes).toEqual([]);
    k.relyingParty.answers = now(["developers"]);
    await round();
    const push = { sub: alice.sub, groups: [dev], life: 60 };
    expect(pushes).toEqual([
      { target: "gx1", ...push },
      { target: "gx2", ...push },
    ]);
    expect(k.events.filter((e) => e.event === "rights.pushed")).toMatchObject([
      { target: "gx1", sub: alice.sub, tenant: "customer-a", groups: [dev], outcome: "taken" },
      { target: "gx2", outcome: "taken" },
    ]);
  });

  test("a token of before may still be brought to the cloud: it is told once more when the last one has ended, then no more", async () => {
    const { pushes, notify } = clouds();
    const { k, issue, round } = open(notify);
    await issue(alice, [dev, manager]);
    k.relyingParty.answers = now(["developers"]);
    await round();
    await round(500);
    expect(pushes).toHaveLength(1);
    await round(130); // 661 s: the token of 600 s is over, and so is a clock that is a minute behind
    expect(pushes.map((p) => p.groups)).toEqual([[dev], [dev]]);
    await round();
    expect(pushes).toHaveLength(2);
    k.relyingParty.answers = now([]);
    await round();
    expect(pushes.at(-1)?.groups).toEqual([]);
  });

  test("what a strong login holds is not taken for lost by the word on a weaker one", async () => {
    const { pushes, notify } = clouds();
    const strong = examples.map(({ file, text }) => ({
      file,
      text: text.replace("at: [gx1, gx2] }", "at: [gx1, gx2], require: { acr: [gold] } }").replace(/tests:\n.*$/s, ""),
    }));
    const { k, issue, revocation } = open(notify, kit({ policy: mustLoad(strong) }));
    await issue({ ...alice, acr: "gold" }, [dev, manager]);
    k.clock.advance(1);
    revocation.personConfirmed({ ...alice, acr: "silver" }, k.clock.now());
    await revocation.idle();
    expect(pushes).toEqual([]);
  });

  test("of several instances one asks about a person in an interval", async () => {
    const { notify } = clouds();
    const k = kit();
    const [one, other] = [open(notify, k), open(notify, k)];
    await one.issue(alice, [dev]);
    let asked = 0;
    k.relyingParty.answers = async () => {
      asked++;
      return ok(alice);
    };
    const leases = { "job:cloud-grants": memoryLease() };
    const schedulers = [one, other].map(() => heldScheduler(k.clock, leases));
    for (const [i, { revocation }] of [one, other].entries())
      schedulers[i]?.start(cloudGrants(seconds(30), revocation));
    await passTime(k.clock, 30);
    expect(asked).toBe(1);
    await passTime(k.clock, 30);
    expect(asked).toBe(2);
    await Promise.all(schedulers.map((scheduler) => scheduler.stop(0)));
  });

  test("an answer that was overtaken by a new token takes nothing of that back", async () => {
    const { pushes, notify } = clouds();
    const { k, issue, round } = open(notify);
    await issue(alice, [dev]);
    const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<Result<Person, PageError>>()];
    k.relyingParty.answers = () => {
      asked.resolve();
      return answer.promise;
    };
    const rounds = round();
    await asked.promise;
    k.clock.advance(1);
    k.relyingParty.answers = now(["developers"]);
    await issueBeside(k, alice, [dev]);
    answer.resolve(ok(somebody("alice", [])));
    await rounds;
    expect(pushes).toEqual([]);
  });

  test("groups that could not be read are unknown: nothing is taken back", async () => {
    const { pushes, notify } = clouds();
    const { k, issue, round } = open(notify);
    await issue(alice, [dev]);
    k.relyingParty.answers = async () => ok({ ...alice, claims: { sub: "alice", _claim_names: { groups: "src1" } } });
    await round();
    expect(pushes).toEqual([]);
  });

  test("a realm that does not answer takes nothing back, and is asked again", async () => {
    const { pushes, notify } = clouds();
    const { k, issue, round, problems } = open(notify);
    await issue(alice, [dev]);
    k.relyingParty.answers = async () => Promise.reject(new Fault("keycloak", "refreshing"));
    await round();
    expect([pushes, problems]).toMatchObject([[], [{ dependency: "keycloak" }]]);
    k.relyingParty.answers = now([]);
    await round();
    expect(pushes.map((p) => p.groups)).toEqual([[]]);
  });
});

describe("a person whom the realm confirms no more", () => {
  test("has nothing left on the clouds, unless another login is confirmed", async () => {
    const { pushes, notify } = clouds();
    const { k, issue, round } = open(notify);
    await issue(alice, [dev, manager], { login: "l1" });
    await issue(alice, [dev], { login: "l2" });
    k.relyingParty.answers = (grant) => (grant.startsWith("l1") ? refused() : now(["developers", "platform"])());
    await round();
    expect(pushes).toEqual([]);
    k.relyingParty.answers = refused;
    await round();
    expect(pushes.map((p) => p.groups)).toEqual([[]]);
  });

  test("S-35: whose identity provider is closed has nothing left, though all else of the person is hidden then", async () => {
    const { pushes, notify } = clouds();
    let isOpen = true;
    const k = kit({ wrap: (store) => gatedStore(store, () => isOpen) });
    const { issue, round } = open(notify, k);
    await issue(alice, [dev]);
    isOpen = false;
    k.relyingParty.answers = async () => err(refusal("provider_closed", "switched off"));
    await round();
    expect(pushes).toMatchObject([{ target: "gx1", groups: [] }]);
  });

  test("who has signed out is not asked about, and keeps what the cloud gives by itself", async () => {
    const { pushes, notify } = clouds();
    const { k, issue, round } = open(notify);
    await issue(alice, [dev]);
    k.relyingParty.answers = gone;
    await round();
    expect(pushes).toEqual([]);
  });

  test("who is revoked by an operator has nothing left at the next round", async () => {
    const { pushes, notify } = clouds();
    const { k, issue, round } = open(notify);
    await issue(alice, [dev]);
    k.relyingParty.answers = gone;
    await revokePerson(k.parts, alice.sub, "left", (sub) => loseCloudGrants(k.parts.store, sub));
    await round();
    expect(pushes).toMatchObject([{ target: "gx1", groups: [] }]);
  });
});

describe("a cloud that cannot be told", () => {
  test("is tried three times, then at every round; it holds up no other, and the audit says so once", async () => {
    const down = new Fault("keystone gx1", "POST", { message: "nothing listens there" });
    let isDown = true;
    const { pushes, notify } = clouds((target) => {
      if (target === "gx1" && isDown) throw down;
      return true;
    });
    const { k, revocation, issue } = open(notify);
    await issue(alice, [dev]);
    await issue(alice, [dev], { target: "gx2" });
    k.relyingParty.answers = now([]);
    const targets = () => pushes.map((p) => p.target).join(" ");
    const rounds = async () => {
      k.clock.advance(31);
      await revocation.round();
    };
    await rounds();
    await expect.poll(targets).toBe("gx1 gx2");
    k.clock.advance(1);
    await expect.poll(targets).toBe("gx1 gx2 gx1");
    k.clock.advance(4);
    await revocation.idle();
    expect(targets()).toBe("gx1 gx2 gx1 gx1");
    isDown = false;
    await rounds();
    await revocation.idle();
    expect(targets()).toBe("gx1 gx2 gx1 gx1 gx1");
    const outcomes = k.events.filter((e) => e.event === "rights.pushed").map((e) => `${e["target"]} ${e["outcome"]}`);
    expect(outcomes).toEqual(["gx2 taken", "gx1 no answer", "gx1 taken"]);
  });

  test("one that refuses is tried again at the next round", async () => {
    let refuses = true;
    const { pushes, notify } = clouds(() => !refuses);
    const { k, issue, round } = open(notify);
    await issue(alice, [dev]);
    k.relyingParty.answers = now([]);
    await round();
    refuses = false;
    await round();
    expect(pushes).toHaveLength(2);
    const outcomes = k.events.filter((e) => e.event === "rights.pushed").map((e) => e["outcome"]);
    expect(outcomes).toEqual(["refused", "taken"]);
  });
});

describe("the issuer", () => {
  const push = (notify: NotifyCloud) => ({ notify, every: seconds(3_600), notice: () => undefined });
  const refresh = async (k: Kit, refresh_token: unknown, target: string) =>
    told(
      await k.post("/token", {
        ...{ grant_type: "refresh_token", client_id: "console-tool", refresh_token: String(refresh_token) },
        ...audience(target),
      }),
    );

  test("a refresh for another target notices the loss: the answer does not wait for the cloud, which is told", async () => {
    const { pushes, notify } = clouds();
    const held = Promise.withResolvers<void>();
    const k = kit({ push: push(async (login) => held.promise.then(() => notify(login))) });
    const person = somebody("alice", ["developers", "platform"]);
    k.relyingParty.answers = now(["developers", "platform"]);
    const first = await logIn(k, person);
    const second = await refresh(k, first["refresh_token"], "gx1");
    k.relyingParty.answers = now([]);
    expect((await refresh(k, second["refresh_token"], "gx2")).refused).toBe("invalid_target");
    held.resolve();
    await k.revocation?.stop(1_000);
    expect(claimsOf(second["access_token"])["groups"]).toContain(dev);
    expect(pushes).toMatchObject([{ target: "gx1", groups: [] }]);
  });

  test("a refresh that the realm refuses takes everything back on the clouds", async () => {
    const { pushes, notify } = clouds();
    const k = kit({ push: push(notify) });
    k.relyingParty.answers = now(["developers"]);
    const first = await logIn(k, somebody("alice", ["developers"]));
    const second = await refresh(k, first["refresh_token"], "gx1");
    k.relyingParty.answers = refused;
    expect((await refresh(k, second["refresh_token"], "gx1")).refused).toBe("invalid_grant");
    await k.revocation?.stop(1_000);
    expect(pushes).toMatchObject([{ target: "gx1", groups: [] }]);
  });

  test.each([
    ["a sign-in that ended at the realm takes everything back", 1, (k: Kit) => k.made.endGrant("alice")],
    [
      "signing out takes nothing back",
      0,
      (k: Kit, token: string) => k.post("/revoke", { client_id: "console-tool", token }),
    ],
  ])("%s", async (_, times, end) => {
    const { pushes, notify } = clouds();
    const k = kit({ push: push(notify) });
    const first = await logIn(k, somebody("alice"));
    const second = await refresh(k, first["refresh_token"], "gx1");
    k.relyingParty.answers = gone;
    await end(k, String(second["refresh_token"]));
    await k.revocation?.stop(1_000);
    expect(pushes).toEqual(Array(times).fill({ target: "gx1", sub: alice.sub, groups: [], life: 60 }));
  });
});
