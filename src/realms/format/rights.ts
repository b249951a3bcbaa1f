import { z } from "zod";
import { attributes, flag, freeName, raw, roleNames, text } from "./vocabulary.ts";

const role = z.strictObject({
  description: text("what it allows").optional(),
  composites: roleNames("roles that come with it").optional(),
  attributes: attributes("attributes of the role").optional(),
  raw,
});

/** Roles of the realm and of its clients. */
export const roles = z
  .strictObject({
    realm: z.record(freeName, role).default({}).describe("roles of the realm, by name"),
    clients: z
      .record(freeName, z.record(freeName, role))
      .default({})
      .describe("roles of clients, by client id and name"),
    everybody: roleNames("roles that everybody in the realm has, besides Keycloak's own").optional(),
    nobody: roleNames("of the roles that Keycloak gives everybody, those that are not given here").optional(),
  })
  .describe("roles");

const own = {
  attributes: attributes("attributes of the group").optional(),
  roles: roleNames("roles of the members").optional(),
};

/** A group with the groups under it. */
export interface GroupEntry {
  readonly attributes?: Readonly<Record<string, string | readonly string[] | null>> | undefined;
  readonly roles?: z.output<ReturnType<typeof roleNames>> | undefined;
  readonly default?: boolean | undefined;
  readonly raw?: z.output<typeof raw>;
  readonly groups?: Readonly<Record<string, GroupEntry>> | undefined;
}

const group: z.ZodType<GroupEntry, unknown> = z.strictObject({
  ...own,
  default: flag("every new person becomes a member").default(false),
  raw,
  get groups(): z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodType<GroupEntry, unknown>>> {
    return z.record(freeName, group).optional().describe("groups under it");
  },
});

const inOrganization: z.ZodType<GroupEntry, unknown> = z.strictObject({
  ...own,
  raw,
  get groups(): z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodType<GroupEntry, unknown>>> {
    return z.record(freeName, inOrganization).optional().describe("groups under it");
  },
});

/** Groups of an organization, a tree. */
export const organizationGroups = z.record(freeName, inOrganization);

/** Groups of the realm, a tree. */
export const groups = z.record(freeName, group).describe("groups, by name; each may hold others");
