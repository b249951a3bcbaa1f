import { z } from "zod";

/** A role of OpenStack; the characters are fewer than Keystone's, so that none can mean anything in a mapping or a path. */
export const openStackRole = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, "a role's name expected: letters, digits, dot, dash, underscore");

/** A ClusterRole; RBAC names may hold colons. */
export const clusterRole = z
  .string()
  .regex(
    /^[a-z][a-z0-9.:-]{0,99}$/,
    "the name of a ClusterRole expected: lower case letters, digits, dot, dash, colon",
  );

/**
 * Domains and projects: Keystone's limit is 64. The narrow alphabet keeps braces (Keystone formats local rules with
 * `str.format`), separators and quotes out of mappings.
 */
export const openStackThing = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/,
    "letters, digits, dot, dash, underscore expected (at most 64)",
  );

/** Whether a text may name a domain or project. */
export const isOpenStackThing = (text: string): boolean => openStackThing.safeParse(text).success;

/** A namespace of Kubernetes (RFC 1123 label). */
export const namespace = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    "a namespace expected: lower case letters, digits, dashes (at most 63)",
  );

/** A label of Kubernetes, `key=value`, both as its labels may be and neither empty. */
export const label = z
  .string()
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?=[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
    "a label expected, as in tenant=customer-a",
  );

/** Roles of the console: what somebody may see and change for one tenant, or for all. */
const consoleRoles = ["tenant-manager", "tenant-auditor", "operator", "operator-approver"] as const;
/** A role of the console. */
export type ConsoleRole = (typeof consoleRoles)[number];
/** A role of the console. */
export const consoleRole = z.enum(consoleRoles);

/** Free text, such as a claim's value. */
export const text = z.string().min(1).max(1024);

/** The name of a claim; a URI is one, too (RFC 7519 section 4.2). */
export const claimName = z.string().regex(/^[A-Za-z][A-Za-z0-9_:/.-]{0,127}$/, "the name of a claim expected");
