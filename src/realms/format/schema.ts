import { z } from "zod";
import { slug } from "../../yaml/index.ts";
import { clientPolicy, clientProfile } from "./client-policies.ts";
import { client, clientScope } from "./clients.ts";
import { components } from "./components.ts";
import { flow, requiredAction } from "./flows.ts";
import { identityProvider } from "./identity-providers.ts";
import { absent, ignore, manage, protect } from "./manage.ts";
import { organization } from "./organizations.ts";
import { profile } from "./profile.ts";
import { groups, roles } from "./rights.ts";
import { bindings, events, localization, settings } from "./settings.ts";
import { freeName, issuer, pathName } from "./vocabulary.ts";
import { workflow } from "./workflows.ts";

const place = {
  realm: pathName("name of the realm"),
  keycloak: slug("name of a Keycloak in the environment file").default("main"),
};

/** What may be spread over several documents of one realm. */
const collections = {
  organizations: z.array(organization).default([]).describe("customers"),
  upstreams: z.array(identityProvider).default([]).describe("the customers' identity providers"),
  clients: z.record(freeName, client).default({}).describe("clients, by client id"),
  clientScopes: z.record(freeName, clientScope).default({}).describe("client scopes, by name"),
  roles: roles.prefault({}),
  groups: groups.default({}),
  flows: z.record(freeName, flow).default({}).describe("authentication flows, by alias"),
  components: components.default({}),
};

/** `kind: Realm`: one realm of one Keycloak. */
export const realmSchema = z
  .strictObject({
    kind: z.literal("Realm"),
    ...place,
    settings: settings.prefault({}),
    broker: z
      .strictObject({
        clientId: slug("client id of the broker in the realm").default("cloudpass"),
        issuer: issuer("issuer of the broker"),
      })
      .optional()
      .describe("the broker's own client; with it come the settings that keep customers apart"),
    ...collections,
    clientProfiles: z.record(freeName, clientProfile).default({}).describe("what clients must be like, by name"),
    clientPolicies: z.record(freeName, clientPolicy).default({}).describe("for which clients that holds, by name"),
    workflows: z.record(freeName, workflow).default({}).describe("what is done when something happens to an account"),
    bindings: bindings.optional(),
    requiredActions: z.record(freeName, requiredAction).default({}).describe("what people are asked to do, by alias"),
    profile: profile.optional(),
    events: events.optional(),
    localization: localization.optional(),
    extensions: z
      .strictObject({
        mappers: z.array(freeName).default([]).describe("provider ids of mappers"),
        authenticators: z.array(freeName).default([]).describe("provider ids of authenticators"),
        policies: z.array(freeName).default([]).describe("types of authorization policies"),
        executors: z.array(freeName).default([]).describe("executors of client profiles"),
        conditions: z.array(freeName).default([]).describe("conditions of client policies"),
        requiredActions: z.array(freeName).default([]).describe("provider ids of required actions"),
      })
      .prefault({})
      .describe("what jars of this Keycloak bring besides what Keycloak 26.7 has"),
    manage,
    ignore,
    absent,
    protect,
  })
  .describe("One realm of one Keycloak.");

/** `kind: RealmPart`: more of a realm, in a document of its own, such as one customer's. */
export const realmPartSchema = z
  .strictObject({ kind: z.literal("RealmPart"), ...place, ...collections })
  .describe("More of a realm that a document of kind Realm describes, such as one customer's part.");

/** One document of `realms/*.yaml`. */
export const documentSchema = z.discriminatedUnion("kind", [realmSchema, realmPartSchema]);

/** A realm as it was written, defaults filled in, secrets still references. */
export type RealmDocument = z.output<typeof realmSchema>;
/** A part as it was written, defaults filled in. */
export type RealmPartDocument = z.output<typeof realmPartSchema>;
