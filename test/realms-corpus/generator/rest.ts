import { type Fields, type Hand, named } from "../hand.ts";
import { addStep, addSubFlow, newFlow } from "../traits/flows.ts";
import type { Chance } from "./chance.ts";
import { textFrom } from "./names.ts";

/** Makes a flow of its own, or copies a built-in one, and perhaps binds it. */
export async function makeFlows(at: Hand, chance: Chance): Promise<void> {
  const alias = chance.oneOf(["login of ours", "Größe/1", "browser-2", "a.b"]);
  if (chance.is(0.5)) {
    const from = chance.oneOf(["browser", "direct grant", "registration", "reset credentials", "first broker login"]);
    await at.post(`/authentication/flows/${encodeURIComponent(from)}/copy`, { newName: alias.replace("/", "-") });
    if (from === "browser" && chance.is(0.5)) await at.change("", { browserFlow: alias.replace("/", "-") });
    return;
  }
  await newFlow(at, "built by hand", chance.membersOf({ description: textFrom(chance) }));
  await addSubFlow(at, "built by hand", "inner", chance.oneOf(["ALTERNATIVE", "REQUIRED", "CONDITIONAL"]));
  for (const provider of chance.someOf(["auth-cookie", "auth-username-form", "auth-password-form", "auth-otp-form"])) {
    await addStep(at, "inner", provider, chance.oneOf(["REQUIRED", "ALTERNATIVE", "DISABLED"]));
  }
  const step = await addStep(at, "built by hand", "identity-provider-redirector", "ALTERNATIVE");
  const config = { alias: chance.oneOf(["to acme", "x y"]), config: { defaultProvider: "acme" } };
  if (chance.is(0.6)) await at.post(`/authentication/executions/${step}/config`, config);
}

/** Changes what people are asked to do. */
export async function changeRequiredActions(at: Hand, chance: Chance): Promise<void> {
  const actions = await at.list("/authentication/required-actions");
  for (const action of chance.someOf(actions, 3)) {
    const path = `/authentication/required-actions/${String(action["alias"])}`;
    if (chance.is(0.2)) await at.del(path);
    else {
      const members = { enabled: chance.is(0.5), defaultAction: chance.is(0.3), name: textFrom(chance) || "N" };
      await at.put(path, { ...action, ...chance.membersOf(members) });
      if (chance.is(0.3)) await at.post(`${path}/${chance.oneOf(["raise", "lower"])}-priority`);
    }
  }
}

/** Changes the user profile. */
export async function changeProfile(at: Hand, chance: Chance): Promise<void> {
  const profile = (await at.get("/users/profile")) as { attributes: Fields[]; groups: Fields[] };
  const groups = [
    ...profile.groups,
    { name: "work", ...chance.membersOf({ displayHeader: "Work", displayDescription: "W", annotations: { a: "b" } }) },
  ];
  const mine = ["floor", "a.b", "types"]
    .filter(() => chance.is(0.6))
    .map((name) => ({
      name,
      permissions: { view: chance.someOf(["admin", "user"]), edit: chance.someOf(["admin", "user"]) },
      ...chance.membersOf({
        displayName: "Floor",
        multivalued: chance.is(0.5),
        group: "work",
        required: chance.membersOf({ roles: ["user"], scopes: ["email"] }),
        selector: { scopes: ["profile"] },
        annotations: { inputType: "text", inputHelperTextBefore: textFrom(chance) },
        validations: chance.membersOf({ email: {}, length: { min: 1, max: 9 }, pattern: { pattern: "^[a-z]+$" } }),
      }),
    }));
  const kept = profile.attributes.filter(({ name }) => name === "username" || name === "email" || chance.is(0.9));
  const attributes = chance.is(0.5) ? [...mine, ...kept] : [...kept, ...mine];
  const policy = chance.membersOf({ unmanagedAttributePolicy: chance.oneOf(["ENABLED", "ADMIN_EDIT", "ADMIN_VIEW"]) });
  await at.put("/users/profile", { attributes, groups, ...policy });
}

const keyType = "org.keycloak.keys.KeyProvider";
const mustMatch = { "host-sending-registration-request-must-match": ["true"], "client-uris-must-match": ["false"] };
const policyType = "org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy";

/** Makes, changes and deletes components. */
export async function changeComponents(at: Hand, chance: Chance): Promise<void> {
  const component = (providerType: string, providerId: string, name: string, config: Fields, more: Fields = {}) =>
    at.post("/components", { name, providerId, providerType, config, ...more });
  const makers: readonly (() => Promise<unknown>)[] = [
    () => component(keyType, "aes-generated", "quick", { priority: ["7"], secretSize: ["16"] }),
    () => component(keyType, "ecdsa-generated", "es/1", { priority: ["3"], ecdsaEllipticCurveKey: ["P-384"] }),
    () =>
      component(keyType, "hmac-generated", "hmac too", { priority: ["1"], algorithm: ["HS256"], active: ["false"] }),
    () =>
      component(
        policyType,
        "trusted-hosts",
        "hosts",
        { "trusted-hosts": ["b.example", "a.example"], ...mustMatch },
        { subType: "anonymous" },
      ),
    () => component(policyType, "max-clients", "few", { "max-clients": ["3"] }, { subType: "authenticated" }),
    async () => at.del(`/components/${named(await at.list("/components"), "name", "hmac-generated-hs512").id}`),
    async () => at.del(`/components/${named(await at.list("/components"), "name", "Consent Required").id}`),
  ];
  for (const make of chance.someOf(makers, 4)) await make();
}

/** Makes client profiles and policies. */
export async function makeClientPolicies(at: Hand, chance: Chance): Promise<void> {
  const executors = [
    { executor: "pkce-enforcer", configuration: { "auto-configure": chance.is(0.5) } },
    { executor: "confidential-client", configuration: {} },
    { executor: "secure-session", configuration: {} },
  ];
  const conditions = [
    { condition: "any-client", configuration: {} },
    { condition: "client-access-type", configuration: { type: ["public"] } },
    { condition: "client-roles", configuration: { roles: ["x"], "is-negative-logic": chance.is(0.5) } },
  ];
  const profile = { name: "strict", description: textFrom(chance), executors: chance.someOf(executors) };
  await at.put("/client-policies/profiles", { profiles: [profile] });
  const policies = ["one", "two"]
    .filter(() => chance.is(0.7))
    .map((name) => ({
      ...{ name, description: textFrom(chance), enabled: chance.is(0.5) },
      ...chance.membersOf({ mode: chance.oneOf(["DEFAULT", "STRICT"]) }),
      ...{ conditions: chance.someOf(conditions), profiles: chance.someOf(["strict", "fapi-1-baseline"]) },
    }));
  await at.put("/client-policies/policies", { policies });
}

/** Writes texts of pages. */
export async function writeTexts(at: Hand, chance: Chance): Promise<void> {
  const texts = { "login.title": textFrom(chance), id: "x", "a b": "{0} 'q'", doLogIn: textFrom(chance) };
  for (const locale of chance.someOf(["de", "en", "pt-BR"]))
    await at.post(`/localization/${locale}`, chance.membersOf(texts));
}
