import type ComponentRepresentation from "@keycloak/keycloak-admin-client/lib/defs/componentRepresentation.js";
import { formatKey, type Plain, type PlainMap, type Resource } from "../../reconcile/index.ts";
import { asFields, asSent, listOf, mapOf, missing, type RealmAccess, textOf } from "../access.ts";
import { type ComponentKey, hasCallers, parseComponentKey } from "../component-key.ts";
import { isKnownProvider } from "../format/known.ts";
import { isSecretName } from "../format/secrets.ts";
import { fingerprintIn, withFingerprints } from "../state.ts";
import { idOf, inner, type Kind, type RealmSite, type Seen, type Sight, texts, withoutNulls } from "./kind.ts";
import { unsaidOf } from "./unsaid.ts";

/** Types of components by their short names; others are known as soon as the realm has one. */
const types: Readonly<Record<string, string>> = {
  UserStorageProvider: "org.keycloak.storage.UserStorageProvider",
  LDAPStorageMapper: "org.keycloak.storage.ldap.mappers.LDAPStorageMapper",
  KeyProvider: "org.keycloak.keys.KeyProvider",
  ClientRegistrationPolicy: "org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy",
};
const shortName = (type: string): string => type.slice(type.lastIndexOf(".") + 1);

/**
 * Components: user federation, keys, policies. The key is the type, and the names from the outermost component down.
 * Keycloak drops config that it does not know, so what is ours has an ownership record.
 */
export const componentKind: Kind<"component"> = {
  section: "components",
  // With a user federation go all people who came from it.
  rule: {
    ...{ kind: "component", level: 1, recorded: true, irreversible: true, immutable: ["providerId"] },
    // Keycloak answers several values in any order.
    lists: { "config.*": "unordered" },
    // What a jar brings may write its own settings: nobody but its author knows them.
    unsaid: (observed, wanted) =>
      isKnownProvider(textOf(observed.fields["providerId"])) ? unsaid(observed, wanted) : {},
  },
  keycloaksOwn: { config: (name) => name === lastReading },
  parts: [],
  observe: (sight) => {
    const seen = below(sight, undefined, sight.snapshot.realm["components"]);
    // Names are no keys there: of several with one name the last counts, and says so.
    const byKey = Map.groupBy(seen, (o) => formatKey(o.key));
    return [...byKey.values()].flatMap((twins) => {
      const last = twins.at(-1);
      if (last === undefined || twins.length === 1) return twins;
      return [{ ...last, remote: { id: idOf(last), raw: { twins: twins.length } } }];
    });
  },
  brings: ({ key, fields }) =>
    (fields["providerId"] === "ldap" ? mappersOfDirectory(fields) : []).map(([name, providerId]) => ({
      kind: "component",
      key: ["LDAPStorageMapper", { path: [...key[1].path, name] }],
      // How they read an attribute depends on the directory's vendor and on who writes: not foretold.
      fields: { providerId, parent: formatKey(key) },
    })),
  create: async (at, resource) => {
    const { key } = resource;
    const doing = `create component ${formatKey(key)}`;
    const parent = await parentOf(at, doing, resource.fields);
    const [type, name] = [await typeOf(at, doing, key[0]), nameOf(key)];
    // A federation comes with mappers of its own, and names are not unique: a second one would be made.
    const there = await find(at, type, parent, name);
    const body = payload(resource, there ?? {});
    if (there) await put(at, doing, textOf(there.id), body);
    else {
      const made = { ...body, name, providerType: type, parentId: parent };
      await at.create(doing, ({ components }, realm) => components.create({ realm, ...asSent(made) }));
    }
    await recordSecrets(at, resource);
  },
  update: async (at, resource, observed) => {
    const doing = `update component ${formatKey(resource.key)}`;
    const id = idOf(observed);
    const there = await at.one("component", ({ components }, realm) => components.findOne({ realm, id }));
    if (there === undefined) throw missing(doing, "such component");
    await put(at, doing, id, payload(resource, there));
    await recordSecrets(at, resource);
  },
  remove: (at, observed) =>
    at.remove(`delete component ${formatKey(observed.key)}`, ({ components }, realm) =>
      components.del({ realm, id: idOf(observed) }),
    ),
};

const attributeMapper = "user-attribute-ldap-mapper";

/** Name and provider of the mappers that a new directory comes with. */
const mappersOfDirectory = (fields: PlainMap): readonly (readonly [name: string, providerId: string])[] => [
  ...["username", "first name", "last name", "email", "creation date", "modify date"].map(
    (name) => [name, attributeMapper] as const,
  ),
  ["Kerberos principal attribute mapper", "kerberos-principal-attribute-mapper"],
  ...(texts(inner(fields, "config")["vendor"])[0] === "ad"
    ? [["MSAD account controls", "msad-user-account-control-mapper"] as const]
    : []),
];
/** When a directory was read last; the next reading begins there. */
const lastReading = "lastSync";
/** Names that Keycloak writes into the config of a component where nobody says them; sizes and curves are those of the key that is there. */
const keycloaksOwn = new Set([
  ...[lastReading, "krbPrincipalAttribute", "kid", "certificate", "privateKey", "secretSize", "keySize"],
  ...["ecdsaEllipticCurveKey", "eddsaEllipticCurveKey", "ecdhEllipticCurveKey"],
]);
const unsaid = unsaidOf({
  fields: {},
  open: { config: (name) => keycloaksOwn.has(name) || isSecretName(name) },
});

const put = (at: RealmAccess, doing: string, id: string, body: PlainMap): Promise<void> =>
  at.write(doing, ({ components }, realm) => components.update({ realm, id }, asSent(body)));

/** Kept as components, and written as what they are. */
const written = ["org.keycloak.userprofile.UserProfileProvider", "org.keycloak.models.workflow.WorkflowProvider"];

/** The export's tree as a list. */
function below(sight: Sight<"component">, parent: ComponentKey | undefined, tree: unknown): Seen<"component">[] {
  return Object.entries(mapOf(tree) ?? {}).flatMap(([type, list]) =>
    (written.includes(type) ? [] : listOf(list)).flatMap((component) => {
      // Policies for two kinds of callers have the same names.
      const kindOfCaller = component["subType"] === undefined ? [] : [textOf(component["subType"])];
      const path = [...(parent?.[1].path ?? []), ...kindOfCaller, textOf(component["name"])];
      const key: ComponentKey = [shortName(type), { path }];
      const { subComponents: children, ...rest } = asFields(component);
      const id = textOf(component["id"]);
      const fields = { ...rest, ...(parent !== undefined && { parent: formatKey(parent) }) };
      const own = { kind: "component", key, id, fields, fingerprints: fingerprintsOf(sight, key), owned: false };
      const dependsOn = parent === undefined ? [] : [{ kind: "component", key: parent }];
      return [{ ...own, dependsOn, remote: { id } }, ...below(sight, key, children)];
    }),
  );
}

function fingerprintsOf({ snapshot, wanted }: Sight<"component">, key: ComponentKey): Record<string, string> {
  const secrets = Object.keys(wanted.get(formatKey(key))?.secrets ?? {});
  return Object.fromEntries(
    secrets.flatMap((name) => {
      const kept = fingerprintIn(snapshot.state, { kind: "component", key }, name);
      return kept === undefined ? [] : [[name, kept]];
    }),
  );
}

/** A PUT adds to the config; an empty text takes away. */
function payload({ key, fields, secrets }: Resource<ComponentKey>, there: ComponentRepresentation): PlainMap {
  const { parent: _parent, config: _config, ...rest } = fields;
  const callers = hasCallers(key) && key[1].path.length > 1 && { subType: key[1].path[0] ?? "" };
  const plain = Object.entries(inner(fields, "config")).map(([name, value]): [string, Plain] => [name, value ?? [""]]);
  const hidden = Object.entries(secrets ?? {}).map(([name, secret]): [string, Plain] => [
    name,
    [secret.value.reveal()],
  ]);
  return { ...asFields(there), ...withoutNulls(rest), ...callers, config: Object.fromEntries([...plain, ...hidden]) };
}

async function recordSecrets(at: RealmSite, resource: Resource): Promise<void> {
  const written = Object.entries(resource.secrets ?? {}).flatMap(([name, { fingerprint }]) =>
    fingerprint === undefined ? [] : [[name, fingerprint] as const],
  );
  if (written.length === 0) return;
  await at.stateStore.change((state) => withFingerprints(state, resource, Object.fromEntries(written)));
}

const nameOf = ([, { path }]: ComponentKey): string => path.at(-1) ?? "";

async function typeOf(at: RealmAccess, doing: string, short: string): Promise<string> {
  const known = types[short];
  if (known !== undefined) return known;
  const all = await at.list("components", ({ components }, realm) => components.find({ realm }));
  const found = all.map((c) => textOf(c.providerType)).find((type) => shortName(type) === short);
  if (found === undefined)
    throw missing(
      doing,
      `type of components "${short}"`,
      "Install the extension that brings it, or take it out of the file",
    );
  return found;
}

/** Id of the component above, or of the realm. */
async function parentOf(at: RealmAccess, doing: string, fields: PlainMap): Promise<string> {
  const realm = textOf((await at.settings())?.id);
  if (fields["parent"] === undefined) return realm;
  const text = textOf(fields["parent"]);
  const key = parseComponentKey(text);
  const found = key && (await find(at, await typeOf(at, doing, key[0]), undefined, nameOf(key)));
  if (found === undefined) throw missing(doing, `component "${text}"`);
  return textOf(found.id);
}

async function find(
  at: RealmAccess,
  type: string,
  parent: string | undefined,
  name: string,
): Promise<ComponentRepresentation | undefined> {
  const query = { type, name, ...(parent !== undefined && { parent }) };
  const all = await at.list("components", ({ components }, realm) => components.find({ realm, ...query }));
  return all.find((c) => c.name === name);
}
