import { asFields, type Kind, never } from "./kind.ts";

/**
 * The realm's own settings. Adopted, because a file names its realm on purpose, and never deleted: everybody's accounts
 * are in it. A PUT keeps what it does not name, so only declared settings are sent.
 */
export const realmKind: Kind = {
  rule: { kind: "realm", level: 0, adopt: true, neverDelete: true },
  observe: ({ realm }, name) => [
    { kind: "realm", key: name, fields: asFields(realm), owned: false, remote: { id: realm.id ?? "" } },
  ],
  create: async ({ realm, keycloak }, { fields }) => {
    await keycloak.call(`create realm ${realm}`, "once", (kc) => kc.realms.create({ realm, ...fields }));
    keycloak.forgetToken();
  },
  update: ({ realm, keycloak }, { fields }) =>
    keycloak.call(`update realm ${realm}`, "write", (kc) => kc.realms.update({ realm }, { ...fields })),
  remove: never("deleting a realm"),
};
