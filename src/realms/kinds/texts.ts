import type { PlainMap } from "../../reconcile/index.ts";
import { asFields, asSent, listOf, mapOf, type RealmAccess, textOf } from "../access.ts";
import { inner, type Kind, never, withoutNulls } from "./kind.ts";
import { newActionOf } from "./releases.ts";
import { isKnownWhole, isOurRealm, nobodys, unsaidOf } from "./unsaid.ts";

/** Texts of pages and mails in one language. The key is the locale. */
export const localizationKind: Kind<"localization"> = {
  section: "localization",
  // The texts are named by what they are about, and for everybody to read.
  rule: {
    ...{ kind: "localization", level: 1, shared: true, neverDelete: true, hides: () => false },
    // No mark of ours stands among them, whatever one is called.
    unsaid: ({ fields }) => ({ texts: unset(inner(fields, "texts")) }),
  },
  parts: [],
  observe: (sight) => {
    const there = inner(asFields(sight.snapshot.realm), "localizationTexts");
    // A language goes with its last text; of one that shall have none, none is missing.
    const empty = [...sight.wanted.values()].filter(
      (r) => Object.keys(withoutNulls(inner(r.fields, "texts"))).length === 0,
    );
    const all = { ...Object.fromEntries(empty.map(({ key }) => [key, {}])), ...there };
    return Object.entries(all).map(([key, texts]) => ({
      ...{ kind: "localization", key, fields: { texts }, owned: false, whole: isOurRealm(sight) },
    }));
  },
  create: (at, { key, fields }) => writeTexts(at, key, withoutNulls(inner(fields, "texts"))),
  update: async (at, { key, fields }, observed, changes) => {
    const wanted = inner(fields, "texts");
    const names = changes.map((c) => c.path[1] ?? "");
    const written = Object.fromEntries(names.flatMap((name) => (wanted[name] ? [[name, wanted[name]]] : [])));
    if (Object.keys(written).length > 0) await writeTexts(at, key, written);
    const gone = names.filter((one) => wanted[one] === null);
    if (
      Object.keys(inner(observed.fields, "texts")).every((name) => gone.includes(name)) &&
      gone.length === names.length
    )
      return removeLanguage(at, key);
    for (const name of gone) {
      await at.remove(`remove a text in ${key}`, ({ realms }, realm) =>
        realms.deleteRealmLocalizationTexts({ realm, selectedLocale: key, key: name }),
      );
    }
  },
  remove: never("deleting texts"),
};

const unset = (map: PlainMap): PlainMap => Object.fromEntries(Object.keys(map).map((name) => [name, null]));

const removeLanguage = (at: RealmAccess, locale: string): Promise<void> =>
  at.remove(`remove the texts in ${locale}`, ({ realms }, realm) =>
    realms.deleteRealmLocalizationTexts({ realm, selectedLocale: locale }),
  );

/** All at once, for which the client has no method: one request for each text would be hundreds. */
const writeTexts = (at: RealmAccess, locale: string, texts: PlainMap): Promise<void> =>
  at.write(`write texts in ${locale}`, ({ realms }, realm) =>
    realms.makeUpdateRequest({
      method: "POST",
      path: "/{realm}/localization/{locale}",
      urlParamKeys: ["realm", "locale"],
    })({ realm, locale }, texts),
  );

/** What a person may be asked to do at a login. The key is the alias; Keycloak has all of its own from the start. */
export const requiredActionKind: Kind<"required-action"> = {
  section: "requiredActions",
  rule: {
    ...{ kind: "required-action", level: 1, shared: true, neverDelete: true },
    unsaid: unsaidOf(({ key, remote }) => ({
      ...{ fields: newActionOf(textOf(mapOf(remote)?.["version"]), textOf(key)), open: { config: nobodys } },
    })),
  },
  parts: [],
  observe: (sight) =>
    listOf(sight.snapshot.realm["requiredActions"]).map((action) => ({
      kind: "required-action",
      key: textOf(action["alias"]),
      fields: asFields(action),
      ...{ owned: false, whole: isKnownWhole(sight) },
      remote: {
        ...{ id: textOf(action["alias"]), raw: asFields(action) },
        version: textOf(sight.snapshot.realm["keycloakVersion"]),
      },
    })),
  create: async (at, { key, fields }) => {
    // Planned before the realm was there, which came with Keycloak's own.
    if ((await readAction(at, key)) === undefined) {
      const action = { providerId: textOf(fields["providerId"]) || key, name: textOf(fields["name"]) || key };
      await at.create(`register required action ${key}`, ({ authenticationManagement: authentication }, realm) =>
        authentication.registerRequiredAction({ realm, ...action }),
      );
    }
    const made = asFields((await readAction(at, key)) ?? {});
    await writeAction(at, `set up required action ${key}`, key, made, fields);
  },
  update: (at, { key, fields }, { remote }) =>
    writeAction(at, `change required action ${key}`, key, remote?.raw ?? {}, fields),
  // Only where the file says that it must not be there.
  remove: (at, { key }) =>
    at.remove(`take out required action ${key}`, ({ authenticationManagement: authentication }, realm) =>
      authentication.deleteRequiredAction({ realm, alias: key }),
    ),
};

const readAction = (at: RealmAccess, alias: string) =>
  at.one<object>(`required action ${alias}`, ({ authenticationManagement: authentication }, realm) =>
    authentication.getRequiredActionForAlias({ realm, alias }),
  );

function writeAction(at: RealmAccess, doing: string, alias: string, was: PlainMap, will: PlainMap): Promise<void> {
  const config = withoutNulls({ ...inner(was, "config"), ...inner(will, "config") });
  const action = withoutNulls({ ...was, ...will, alias, config });
  return at.write(doing, ({ authenticationManagement: authentication }, realm) =>
    authentication.updateRequiredAction({ realm, alias }, asSent(action)),
  );
}
