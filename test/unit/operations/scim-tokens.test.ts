import { afterAll, expect, test } from "vitest";
import type { TenantName } from "../../../src/core/index.ts";
import { makeScimToken, revokeScimToken, showDirectory } from "../../../src/operations/index.ts";
import { openSources, tokenOf } from "../../../src/provisioning/index.ts";
import { callerOf, world } from "./console-world.ts";

const w = await world();
afterAll(() => w.stop());

const boss = callerOf("bosses");
/** The operations, where the tenant's identity provider pushes, does not, or is another tenant's by now. */
const depsOf = (aliases: readonly string[], tenant = "acme") => ({
  ...w.deps,
  seal: w.k.parts.seal,
  random: w.k.parts.random,
  sources: openSources(
    aliases.map((identityProvider) => ({
      identityProvider,
      match: { attribute: "userName", claim: "email" },
      required: false,
    })),
    () => ({ name: tenant as TenantName }),
  ),
});
const pushes = depsOf(["acme-idp"]);

test.each([
  ["does not push any more", depsOf([])],
  ["is another tenant's by now", depsOf(["acme-idp"], "other")],
])("the token of an identity provider that %s is listed, and ends", async (_, deps) => {
  const made = await makeScimToken({ tenant: "acme" }, pushes, boss);
  if (!made.ok) throw new Error(made.refusal.message);
  const { secret, token } = made.value;
  const shown = await showDirectory({ tenant: "acme" }, deps, boss);
  expect(shown).toMatchObject({ ok: true, value: { identityProviders: [], tokens: [{ id: token.id }] } });
  const revoked = await revokeScimToken({ tenant: "acme", token: token.id }, deps, boss);
  expect(revoked).toMatchObject({ ok: true, value: { id: token.id, identityProvider: "acme-idp" } });
  expect(await tokenOf(pushes, secret)).toBeUndefined();
  expect(await showDirectory({ tenant: "acme" }, pushes, boss)).toMatchObject({ value: { tokens: [] } });
});
