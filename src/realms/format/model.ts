import type { z } from "zod";
import type { IdentityProviderAlias, Secret } from "../../core/index.ts";
import type { YamlDocument } from "../../yaml/index.ts";
import type { ClaimSpec } from "./claims.ts";
import type { identityProvider } from "./identity-providers.ts";
import type { organization } from "./organizations.ts";
import type { RealmDocument, RealmPartDocument } from "./schema.ts";

export type { ClaimSpec };

/** A checked document with the way back to its text. */
export interface LocatedDocument {
  readonly document: YamlDocument;
  /** As it stands in the file, with all its references. */
  readonly written: YamlDocument;
  readonly data: RealmDocument | RealmPartDocument;
}

/** A realm with its parts. */
export interface LocatedRealm {
  /** The document of kind Realm. */
  readonly document: YamlDocument;
  /** All documents as one. */
  readonly data: RealmDocument;
  /** Each document by itself, the one of kind Realm first. */
  readonly documents: readonly LocatedDocument[];
}

/**
 * How a person's state at the customer's IdP is asked again at each refresh.
 * `required`: no answer, no token. `best-effort`: an IdP that cannot answer is passed over. `none`: never asked.
 */
export type Recheck = "required" | "best-effort" | "none";

/** Where a customer's IdP is on its way: nobody, named testers, everybody, nobody for now. */
export type Stage = "draft" | "testing" | "active" | "suspended";

type Written = z.output<typeof identityProvider>;
type Held<T> = T extends { client: { id: string } }
  ? Omit<T, "client"> & { readonly client: { readonly id: string; readonly secret?: Secret } }
  : T;

/** One customer's identity provider, as Keycloak shall broker it; its `template` says what else it has. */
export type IdentityProviderSpec = Held<Written> & { readonly displayName: string };

/** One identity provider of a given template. */
export type IdentityProviderOf<Template extends IdentityProviderSpec["template"]> = Extract<
  IdentityProviderSpec,
  { template: Template }
>;

/** One customer as an organization of the realm; `upstreams` includes the one of `login`. */
export interface OrganizationSpec extends z.output<typeof organization> {
  readonly upstreams: IdentityProviderAlias[];
}

/** Settings of the realm; lengths of time in seconds. With a broker, its defaults are filled in. */
export type RealmSettings = RealmDocument["settings"];

/** One realm, checked, its parts put together, with references resolved. */
export interface RealmSpec extends Omit<RealmDocument, "kind" | "upstreams" | "organizations"> {
  /** Where it was read from: the document of kind Realm. */
  readonly file: string;
  readonly upstreams: readonly IdentityProviderSpec[];
  readonly organizations: readonly OrganizationSpec[];
  /** Every secret by its reference, as `secretName` writes it; none where the files are only compared. */
  readonly secrets: Readonly<Record<string, Secret>>;
}
