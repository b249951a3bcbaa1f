import type { PlainMap, Resource } from "../../reconcile/index.ts";
import { asFields, asSent, type RealmAccess, textOf } from "../access.ts";
import { fingerprintIn, withFingerprints } from "../state.ts";
import { inner, type Kind, marker, never, type RealmSite, withoutEmpty, withoutNulls } from "./kind.ts";

const mailSecret = "smtpServer.password";
/** The realm's flows by what they are for. */
const bindings = [
  "browserFlow",
  "registrationFlow",
  "directGrantFlow",
  "resetCredentialsFlow",
  "clientAuthenticationFlow",
  "dockerAuthenticationFlow",
  "firstBrokerLoginFlow",
] as const;

/**
 * The realm's own settings. Shared, because a file names its realm on purpose, and never deleted: everybody's accounts
 * are in it. A PUT keeps what it does not name, except that it replaces attributes: others' go along.
 */
export const realmKind: Kind<"realm"> = {
  section: "settings",
  rule: {
    kind: "realm",
    level: 0,
    shared: true,
    neverDelete: true,
    lists: { eventsListeners: "set", enabledEventTypes: "set", supportedLocales: "set" },
  },
  parts: [],
  observe: ({ snapshot: { realm, name, state } }) => {
    const fingerprint = fingerprintIn(state, { kind: "realm", key: name }, mailSecret);
    return [
      {
        kind: "realm",
        key: name,
        id: textOf(realm["id"]),
        fields: withoutEmpty(asFields(realm)),
        ...(fingerprint !== undefined && { fingerprints: { [mailSecret]: fingerprint } }),
        owned: false,
        remote: { id: textOf(realm["id"]), raw: { smtpServer: inner(asFields(realm), "smtpServer") } },
      },
    ];
  },
  create: async (at, resource) => {
    // Says that all of it was made by us, so that it may be deleted one day.
    const attributes = { ...withoutNulls(inner(resource.fields, "attributes")), ...marker };
    const payload = { realm: at.realm, ...settingsOf(resource, {}), attributes };
    await at.create(`create realm ${at.realm}`, ({ realms }) => realms.create(asSent(payload)));
    at.keycloak.forgetToken();
    await recordMailSecret(at, resource);
  },
  update: async (at, resource, { remote }) => {
    await at.stateStore.settle(`update realm ${at.realm}`, settingsOf(resource, remote?.raw ?? {}));
    await recordMailSecret(at, resource);
  },
  remove: never("deleting a realm"),
};

/** What is wanted as a PUT takes it: the mail server whole, its password always as it is, never as the mask. */
function settingsOf({ fields, secrets }: Resource, raw: PlainMap): PlainMap {
  const password = secrets?.[mailSecret];
  if (fields["smtpServer"] === undefined && password === undefined) return fields;
  const merged = { ...inner(raw, "smtpServer"), ...inner(fields, "smtpServer") };
  return { ...fields, smtpServer: { ...withoutNulls(merged), ...(password && { password: password.value.reveal() }) } };
}

async function recordMailSecret(at: RealmSite, resource: Resource): Promise<void> {
  const fingerprint = resource.secrets?.[mailSecret]?.fingerprint;
  if (fingerprint === undefined) return;
  await at.stateStore.change((state) => withFingerprints(state, resource, { [mailSecret]: fingerprint }));
}

/**
 * Which flow the realm uses for what. Apart from the realm, because flows are made in a realm that is there, and are
 * bound when they are there. The key is the realm's name.
 */
export const flowBindingsKind: Kind<"flow-bindings"> = {
  section: "settings",
  rule: { kind: "flow-bindings", level: 2, shared: true, neverDelete: true },
  parts: [],
  observe: ({ snapshot: { realm, name } }) => [
    {
      kind: "flow-bindings",
      key: name,
      fields: Object.fromEntries(bindings.map((b) => [b, textOf(realm[b])])),
      owned: false,
    },
  ],
  create: (at, { fields }) => bind(at, fields),
  update: (at, { fields }) => bind(at, fields),
  remove: never("unbinding flows"),
};

const bind = (at: RealmAccess, flows: PlainMap): Promise<void> =>
  at.write(`bind the flows of realm ${at.realm}`, ({ realms }, realm) => realms.update({ realm }, flows));
