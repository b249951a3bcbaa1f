import type { TargetName, TenantName } from "./ids.ts";

const targetPrefix = "urn:cloudpass:target:";

/** What the name of every tenant begins with, in tokens (claim `tenant`) and in what targets must check. */
export const tenantUrnPrefix = "urn:cloudpass:tenant:";

/** A target as a resource indicator (RFC 8707). */
export const targetUrn = (target: string): string => `${targetPrefix}${target}`;

/** Target that a resource indicator names, if it has the form of one. */
export const targetOfUrn = (resource: string): TargetName | undefined =>
  resource.startsWith(targetPrefix) && /^[a-z][a-z0-9-]{0,47}$/.test(resource.slice(targetPrefix.length))
    ? (resource.slice(targetPrefix.length) as TargetName)
    : undefined;

/** The tenant as tokens name it and as Keystone's `remote_ids` expect it. */
export const tenantUrn = (tenant: TenantName): string => `${tenantUrnPrefix}${tenant}`;

/** Tenant that a token's claim names, or the text itself when it is no URN of ours. */
export const tenantOfUrn = (urn: string): string =>
  urn.startsWith(tenantUrnPrefix) ? urn.slice(tenantUrnPrefix.length) : urn;

/** Id of a tenant's identity provider, and of its mapping, in every Keystone. */
export const keystoneIdentityProvider = (tenant: TenantName): string => `cloudpass-${tenant}`;
