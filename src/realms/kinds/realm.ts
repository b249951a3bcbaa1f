import { isList, isMap, type Plain, type PlainMap, type Resource } from "../../reconcile/index.ts";
import { asFields, asSent, textOf } from "../access.ts";
import { isSecretName } from "../format/secrets.ts";
import { headersField, inTwo, isTwin } from "../realm-put.ts";
import { fingerprintIn, withFingerprints } from "../state.ts";
import { emptyForNull, inner, type Kind, marker, never, type RealmSite, withoutEmpty, withoutNulls } from "./kind.ts";
import { newBindings, newRealm, newRealmAttributes } from "./new-realm.ts";
import { newRealmOf } from "./releases.ts";
import { isKnownWhole, isOurRealm, unsaidOf } from "./unsaid.ts";

const mailSecret = "smtpServer.password";

/**
 * The realm's own settings. Shared, because a file names its realm on purpose, and never deleted: everybody's accounts
 * are in it. A PUT keeps what it does not name, but for what `realmBody` adds.
 */
export const realmKind: Kind<"realm"> = {
  section: "settings",
  rule: {
    kind: "realm",
    level: 0,
    shared: true,
    neverDelete: true,
    lists: {
      ...{ eventsListeners: "set", enabledEventTypes: "set", supportedLocales: "set", requiredCredentials: "set" },
      ...{ webAuthnPolicyAcceptableAaguids: "set", webAuthnPolicyPasswordlessAcceptableAaguids: "set" },
    },
    unsaid: unsaidOf(({ fields: { enabled = false, notBefore = 0, keycloakVersion = "", ...there } }) => ({
      // Silence neither locks everybody out nor lets in whom somebody has locked out.
      fields: {
        ...newRealmOf(textOf(keycloakVersion), there),
        ...{ enabled, notBefore, attributes: newRealmAttributes },
      },
      open: { attributes: (name) => !Object.hasOwn(newRealmAttributes, name), smtpServer: isSecretName },
    })),
  },
  parts: [],
  observe: (sight) => {
    const { realm, name, state } = sight.snapshot;
    const attributes = Object.entries(inner(asFields(realm), "attributes")).filter(([one]) => !isTwin(realm, one));
    const fingerprint = fingerprintIn(state, { kind: "realm", key: name }, mailSecret);
    const said = sight.wanted.get(name)?.fields ?? {};
    return [
      {
        kind: "realm",
        key: name,
        id: textOf(realm["id"]),
        fields: withoutUnset({ ...asFields(realm), attributes: Object.fromEntries(attributes) }, said),
        ...(fingerprint !== undefined && { fingerprints: { [mailSecret]: fingerprint } }),
        owned: false,
        whole: isKnownWhole(sight),
        remote: { id: textOf(realm["id"]), raw: { smtpServer: inner(asFields(realm), "smtpServer") } },
      },
    ];
  },
  create: async (at, resource) => {
    // Says that all of it was made by us, so that it may be deleted one day.
    const attributes = { ...withoutNulls(inner(resource.fields, "attributes")), ...marker };
    const { first, after } = inTwo(withoutNulls(settingsOf(resource, {}, {})));
    const payload = { ...first, realm: at.realm, attributes };
    await at.create(`create realm ${at.realm}`, ({ realms }) => realms.create(asSent(payload)));
    at.keycloak.forgetToken();
    if (Object.keys(after).length > 0) await at.stateStore.settle(`complete realm ${at.realm}`, after);
    await recordMailSecret(at, resource);
  },
  update: async (at, resource, { remote, fields }) => {
    await at.stateStore.settle(`update realm ${at.realm}`, settingsOf(resource, remote?.raw ?? {}, fields));
    await recordMailSecret(at, resource);
  },
  remove: never("deleting a realm"),
};

/** What is wanted as a PUT takes it: the mail server whole, its password always as it is, never as the mask. */
function settingsOf({ fields, secrets }: Resource, raw: PlainMap, observed: PlainMap): PlainMap {
  const password = secrets?.[mailSecret];
  const headers = fields[headersField] !== undefined && {
    [headersField]: emptyForNull(inner(fields, headersField)),
  };
  const told = { ...unsetAs(fields, observed), ...headers };
  if (fields["smtpServer"] === undefined && password === undefined) return told;
  const there = fields["smtpServer"] === null ? {} : inner(raw, "smtpServer");
  const merged = withoutNulls({ ...there, ...inner(fields, "smtpServer") });
  // A password is of no use without its server.
  if (merged["host"] === undefined) return { ...told, smtpServer: {} };
  return { ...told, smtpServer: { ...merged, ...(password && { password: password.value.reveal() }) } };
}

/** True for a switch that no new realm is known to have: Keycloak never drops one, and off is unset. */
const isOffAndUnknown = (name: string, value: Plain): boolean =>
  value === false && name !== "enabled" && typeof newRealm[name] !== "boolean";

/** True for how Keycloak says that a realm has no mail server. */
const isNoServer = (name: string, value: Plain): boolean =>
  name === "smtpServer" && isMap(value) && Object.keys(value).length === 0;

/** Settings as they were read, without what only says that it is unset; Keycloak never drops a header, either: it is emptied. */
function withoutUnset(fields: PlainMap, said: PlainMap): PlainMap {
  const known = { ...inner(newRealm, headersField), ...inner(said, headersField) };
  const headers = Object.entries(inner(fields, headersField)).filter(
    ([name, value]) => value !== "" || Object.hasOwn(known, name),
  );
  const kept = Object.entries(fields).filter(
    ([name, value]) => !isNoServer(name, value) && (Object.hasOwn(said, name) || !isOffAndUnknown(name, value)),
  );
  return withoutEmpty({
    ...Object.fromEntries(kept),
    ...(headers.length > 0 && { [headersField]: Object.fromEntries(headers) }),
  });
}

/** What is to be unset, as a PUT takes it. */
const unsetAs = (fields: PlainMap, observed: PlainMap): PlainMap =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]): [string, Plain][] => {
      const none = value === null ? noneOf(newRealm[name] ?? null, observed[name]) : value;
      return none === undefined ? [] : [[name, none]];
    }),
  );

/** What Keycloak takes for none, by the kind of value; `undefined`: it cannot be unset, or is. */
function noneOf(fresh: Plain, there: Plain | undefined): Plain | undefined {
  const like = fresh ?? there;
  if (typeof like === "number") return undefined;
  if (typeof like === "boolean") return fresh === null && there === true ? false : undefined;
  return isList(like) ? [] : "";
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
  rule: {
    ...{ kind: "flow-bindings", level: 2, shared: true, neverDelete: true },
    unsaid: unsaidOf({ fields: newBindings }),
  },
  parts: [],
  observe: (sight) => {
    const { realm, name } = sight.snapshot;
    const bound = Object.keys(newBindings).map((use) => [use, textOf(realm[use])]);
    const fields = withoutEmpty(Object.fromEntries(bound));
    return [{ kind: "flow-bindings", key: name, fields, owned: false, whole: isOurRealm(sight) }];
  },
  create: (at, { fields }) => bind(at, fields),
  update: (at, { fields }) => bind(at, fields),
  remove: never("unbinding flows"),
};

const bind = (at: RealmSite, flows: PlainMap): Promise<void> =>
  at.stateStore.settle(`bind the flows of realm ${at.realm}`, flows);
