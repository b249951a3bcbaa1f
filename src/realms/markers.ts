import { type ScryptOptions, scrypt } from "node:crypto";
import { promisify } from "node:util";
import type { Secret } from "../core/index.ts";

/** Key of the marker on everything of ours that has a map for it: client and organization attributes, IdP config, profile annotations. */
export const ownerKey = "cloudpass.owner";
/** Value of the marker. */
export const owner = "cloudpass";
/** True for a name of an attribute or a config entry that is ours, whatever it holds. */
export const isOwnMark = (name: string): boolean => name.startsWith("cloudpass.");
/** Where an IdP keeps the fingerprint of the secret that we last wrote: Keycloak answers secrets masked. */
export const fingerprintKey = "cloudpass.secretFingerprint";
/** Mappers have no attribute map: ours are known by this beginning of their names, on objects of ours. */
export const mapperPrefix = "cloudpass ";
/** Flows have no attribute map either: ours say so in their descriptions. */
export const flowMarker = "Made by cloudpass.";

/** Cheap enough for hundreds of IdPs in a plan (about 8 ms each), dear enough to spoil guessing weak secrets. */
const cost = { N: 4096, r: 8, p: 1 };

/** Salted fingerprint of a secret at one place: tells that it changed, and does not show that two places share one. */
export const fingerprintOf = async (secret: Secret, place: string): Promise<string> =>
  `s1.${(await derive(secret.reveal(), `cloudpass secret at ${place}`, 18, cost)).toString("base64url")}`;

const derive: (password: string, salt: string, length: number, options: ScryptOptions) => Promise<Buffer> =
  promisify(scrypt);

/** User attribute that holds an imported claim. The prefix keeps it apart from Keycloak's own (`username`, `locale` …). */
export const attributeOf = (claim: string): string => `upstream.${claim}`;
/** User attribute, and claim towards the broker, with the name the person has at the customer's IdP: for display only. */
export const usernameAttribute = "upstream_username";
/** Alias of the flow that every IdP of ours is bound to, unless its entry names another. */
export const firstLoginFlow = "cloudpass-first-login";
/** User attribute, and claim towards the broker, of an account that lives in the realm: alias of the organization it was made for. */
export const memberAttribute = "cloudpass.member";
/** The claim towards the broker that this attribute becomes. */
export const memberClaim = "member_of";
/** User attribute of such an account: the groups of the organization that it is in. Administrators write it. */
export const memberGroupsAttribute = "cloudpass.groups";
/** The claim towards the broker that this attribute becomes: the member's `groups`. */
export const memberGroupsClaim = "member_groups";
/** Alias of the flow by which people come to the broker: through their IdP, and by nothing else. */
export const browserFlow = "cloudpass-browser";
/** The same in a realm where some people have no IdP: they prove who they are by a password and a second factor. */
export const membersFlow = "cloudpass-browser-members";
