import { describe, expect, it } from "vitest";
import { createAudit } from "../../../src/audit/index.ts";
import { Fault, type LoginId, seconds, type TargetName, type TenantName } from "../../../src/core/index.ts";
import {
  type IssuedTokens,
  lastTokensFor,
  lastTokensOf,
  pseudonymOf,
  revokePerson,
} from "../../../src/issuer/index.ts";
import { createTokenNotes } from "../../../src/issuer/logins/last-tokens.ts";
import type { Store } from "../../../src/store/index.ts";
import { kit, somebody } from "./kit.ts";

const tenant = "customer-a" as TenantName;
const gx1 = "gx1" as TargetName;
const alice = somebody("alice");

const tokens = (audience = "gx1", client = "cloudpass", person = alice): IssuedTokens => ({
  loginId: "l" as LoginId,
  login: { person, loginMethod: "browser", behind: { kind: "robot" } },
  client,
  rights: { audience, groups: [] },
  expiresAt: 0 as IssuedTokens["expiresAt"],
});

/** Notes as the issuer makes them, and the writes that reach the store. */
function noting({ failing = () => false }: { readonly failing?: () => boolean } = {}) {
  const writes: string[] = [];
  const wrap = (store: Store): Store =>
    new Proxy(store, {
      get:
        (held, verb: keyof Store) =>
        (kind: unknown, ...rest: unknown[]) => {
          if (
            (kind as { name?: string } | undefined)?.name === "last-token" &&
            (verb === "put" || verb === "advance")
          ) {
            writes.push(verb);
            if (failing()) throw new Fault("redis", verb);
          }
          return (held[verb] as (...all: unknown[]) => unknown).call(held, kind, ...rest);
        },
    });
  const k = kit({ wrap });
  const take = createTokenNotes(k.parts);
  const settled = async () => {
    for (let i = 0; i < 20; i++) await new Promise((go) => setImmediate(go));
  };
  const note = async (...issued: IssuedTokens[]) => {
    for (const one of issued) take(one);
    await settled();
  };
  return { k, note, take, writes };
}

describe("when somebody last got a token for a target", () => {
  it("is remembered for the person and the target, with the client that got it", async () => {
    const { k, note } = noting();
    await note(tokens(), tokens("prod1", "kubelogin"));
    const at = k.clock.now();
    expect([...(await lastTokensOf(k.parts, alice.sub)).values()]).toMatchObject([
      { target: "gx1", client: "cloudpass", first: at, at },
      { target: "prod1", client: "kubelogin", first: at, at },
    ]);
    const ofAll = await lastTokensFor(k.parts, { tenant, target: gx1 });
    expect([...ofAll]).toEqual([[pseudonymOf(k.parts, alice.sub), at]]);
    expect(await lastTokensFor(k.parts, { tenant: "customer-b" as TenantName, target: gx1 })).toEqual(new Map());
  });

  it("is no token for the broker itself, nor for what is no target", async () => {
    const { k, note, writes } = noting();
    await note(tokens(k.parts.issuer), tokens("gone"));
    expect(writes).toEqual([]);
  });

  it("holds no name of the person, as the ledger of known people", async () => {
    const { k, note } = noting();
    await note(tokens());
    const stored = JSON.stringify([...(await lastTokensOf(k.parts, alice.sub)).values()]);
    for (const known of [alice.sub, alice.preferredUsername, alice.email ?? ""]) expect(stored).not.toContain(known);
  });

  it("costs one write an hour for a person and a target, however many tokens there are", async () => {
    const { k, note, writes } = noting();
    await note(...Array.from({ length: 50 }, () => tokens()));
    expect(writes).toEqual(["advance", "put"]);
    k.clock.advance(seconds(3_599));
    await note(tokens());
    expect(writes).toHaveLength(2);
    k.clock.advance(seconds(1));
    await note(tokens("gx1", "other"));
    expect(writes).toEqual(["advance", "put", "advance"]);
    expect((await lastTokensOf(k.parts, alice.sub)).get(gx1)).toMatchObject({
      client: "other",
      at: k.clock.now(),
      first: k.clock.now() - 3_600,
    });
  });

  it("is written after whoever asked has the answer", async () => {
    const { note, take, writes } = noting();
    take(tokens());
    await Promise.resolve();
    expect(writes).toEqual([]);
    await note();
    expect(writes).not.toEqual([]);
  });

  it("fails nobody's token when the store is away, and the next one is noted", async () => {
    let away = true;
    const { k, note } = noting({ failing: () => away });
    await note(tokens());
    expect(await lastTokensOf(k.parts, alice.sub)).toEqual(new Map());
    away = false;
    await note(tokens());
    expect((await lastTokensOf(k.parts, alice.sub)).size).toBe(1);
  });

  it("is forgotten with the person, and with the ledger's time", async () => {
    const { k, note } = noting();
    await note(tokens());
    await revokePerson({ ...k.parts, audit: createAudit(k.clock, () => {}) }, alice.sub, "gone", async () => undefined);
    expect(await lastTokensFor(k.parts, { tenant, target: gx1 })).toEqual(new Map());
    const bob = somebody("bob");
    await note(tokens("gx1", "cloudpass", bob));
    k.clock.advance(seconds(90 * 86_400 + 1));
    expect(await lastTokensOf(k.parts, bob.sub)).toEqual(new Map());
  });
});
