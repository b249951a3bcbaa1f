import { z } from "zod";
import type { KeystoneClient } from "./client.ts";

const thing = z.object({
  id: z.string(),
  name: z.string(),
  domain_id: z.string().nullish(),
  description: z.string().nullish(),
});
const identityProvider = z.object({
  id: z.string(),
  enabled: z.boolean(),
  description: z.string().nullish(),
  remote_ids: z.array(z.string()).nullish(),
  domain_id: z.string().nullish(),
  authorization_ttl: z.number().nullish(),
});
const mapping = z.object({ id: z.string(), rules: z.unknown(), schema_version: z.string().nullish() });
const protocol = z.object({
  id: z.string(),
  mapping_id: z.string().nullish(),
  remote_id_attribute: z.string().nullish(),
});
const ref = z.object({ id: z.string() });
const assignment = z.object({
  role: ref,
  group: ref.optional(),
  scope: z.object({
    project: ref.optional(),
    domain: ref.optional(),
    system: z.unknown().optional(),
    "OS-INHERIT:inherited_to": z.string().optional(),
  }),
});

/** A domain, project, group or role. */
export type Thing = z.infer<typeof thing>;
/** A role given to somebody somewhere. */
export type Assignment = z.infer<typeof assignment>;

/** What a Keystone holds, as far as we look. */
export interface World {
  readonly domains: readonly Thing[];
  readonly projects: readonly Thing[];
  readonly groups: readonly Thing[];
  readonly roles: readonly Thing[];
  readonly assignments: readonly Assignment[];
  readonly identityProviders: readonly z.infer<typeof identityProvider>[];
  readonly mappings: readonly z.infer<typeof mapping>[];
  /** Of our identity providers only. */
  readonly protocols: readonly (z.infer<typeof protocol> & { readonly identityProvider: string })[];
}

/** Reads the world: one list call per kind, plus one per identity provider of ours (protocols have no common list). */
export async function readWorld(keystone: KeystoneClient, isOurs: (id: string) => boolean): Promise<World> {
  const [domains, projects, groups, roles, assignments, identityProviders, mappings] = await Promise.all([
    keystone.list("list domains", "/domains", "domains", thing),
    keystone.list("list projects", "/projects", "projects", thing),
    keystone.list("list groups", "/groups", "groups", thing),
    keystone.list("list roles", "/roles", "roles", thing),
    keystone.list("list role assignments", "/role_assignments", "role_assignments", assignment),
    keystone.list(
      "list identity providers",
      "/OS-FEDERATION/identity_providers",
      "identity_providers",
      identityProvider,
    ),
    keystone.list("list mappings", "/OS-FEDERATION/mappings", "mappings", mapping),
  ]);
  const protocols = await Promise.all(
    identityProviders
      .filter((p) => isOurs(p.id))
      .map(async ({ id }) => {
        const path = `/OS-FEDERATION/identity_providers/${encodeURIComponent(id)}/protocols`;
        const own = await keystone.list("list protocols", path, "protocols", protocol);
        return own.map((p) => ({ ...p, identityProvider: id }));
      }),
  );
  return { domains, projects, groups, roles, assignments, identityProviders, mappings, protocols: protocols.flat() };
}
