import type {
  Claims,
  Entitlement,
  IdentityProviderAlias,
  Instant,
  MintedName,
  Seconds,
  Source,
  TargetName,
  TenantName,
} from "../core/index.ts";
import type { Problem } from "../yaml/index.ts";
import type { Membership } from "./evaluate/entitlement-urn.ts";
import type { ClaimsView, Truth } from "./evaluate/view.ts";
import type { ConsoleRole } from "./format/schema-words.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import type { ReviewSchedule } from "./review-schedule.ts";

/** An OpenStack cloud. */
export interface CloudTarget {
  readonly kind: "openstack";
  readonly name: TargetName;
  /** Keystone's URL, ending in `/v3`, without a final slash. */
  readonly authUrl: string;
  /** Roles that may ever be given here. */
  readonly roles: readonly string[];
  /** How long a group membership from a login lasts (Keystone's `authorization_ttl`, there in minutes). */
  readonly authorizationTtl: Seconds;
  /** Of the roles, those that rule the whole target and that the operator means all the same. */
  readonly reviewed: readonly string[];
  /** What roles imply on this cloud, beside what they imply on every cloud. */
  readonly implies: Readonly<Record<string, readonly string[]>>;
  readonly source: Source;
}

/** A Kubernetes cluster. */
export interface ClusterTarget {
  readonly kind: "kubernetes";
  readonly name: TargetName;
  /** URL of the API server, without a final slash. */
  readonly api: string;
  /** Authority of its certificate, PEM, for its users; absent: a public one, or not known. */
  readonly caPem?: string;
  /** ClusterRoles that may ever be bound here. */
  readonly roles: readonly string[];
  /** Of these, the ones that may be bound cluster-wide. */
  readonly clusterWide: readonly string[];
  /** As for a cloud. */
  readonly reviewed: readonly string[];
  /** Stands before every user and group that a token of ours brings in, e.g. `cp:`. */
  readonly prefix: string;
  readonly source: Source;
}

/** The product's own console and API, whose rights come from the same policy. A broker has at most one. */
export interface ConsoleTarget {
  readonly kind: "console";
  readonly name: TargetName;
  /** Roles that may ever be given here. */
  readonly roles: readonly string[];
  /** As for a cloud; no role of the console needs it. */
  readonly reviewed: readonly string[];
  readonly source: Source;
}

/** A target outside of this product, which is brought to what the policy says. */
export type RemoteTarget = CloudTarget | ClusterTarget;

/** A place where rights are given; also the audience of a token. */
export type Target = RemoteTarget | ConsoleTarget;

/** Which namespaces of a cluster are a tenant's: these, or whichever carry a label (`key=value`) when it is looked at. */
export type TenantNamespaces = readonly string[] | { readonly label: string };

/** A customer, as the operator set the limits. */
export interface Tenant {
  readonly name: TenantName;
  readonly displayName: string;
  /** Lower case. */
  readonly emailDomains: readonly string[];
  /** The only identity providers that can ever reach this tenant. */
  readonly identityProviders: readonly IdentityProviderAlias[];
  /** Keystone domain per cloud. */
  readonly domains: ReadonlyMap<TargetName, string>;
  /** Projects that exist in each of these domains. */
  readonly projects: readonly string[];
  readonly namespaces: ReadonlyMap<TargetName, TenantNamespaces>;
  readonly ceiling: Readonly<Record<Target["kind"], readonly string[]>>;
  readonly source: Source;
}

type SetProject = { readonly kind: "project"; readonly project: string; readonly own?: true };

/** One right of a permission set, before it is placed on a target. A project is `own` that managers make, and the broker does not. */
export type SetItem =
  | {
      readonly kind: "openstack";
      readonly role: string;
      readonly on: { readonly kind: "domain" | "inherited" } | SetProject;
      readonly source: Source;
    }
  | {
      readonly kind: "kubernetes";
      readonly role: string;
      readonly in:
        | { readonly kind: "tenant-namespaces" | "cluster" }
        | { readonly kind: "namespace"; readonly namespace: string };
      readonly source: Source;
    }
  | { readonly kind: "console"; readonly role: ConsoleRole; readonly source: Source };

/** WHAT is given: a permission set, carried by one minted group. */
export interface PermissionSet {
  readonly name: string;
  readonly group: MintedName;
  readonly items: readonly SetItem[];
  /** The role in it, if any, that a device login may not carry. */
  readonly elevatedBy?: string;
  readonly source: Source;
}

/** One condition on one claim. */
export interface Atom {
  readonly claim: string;
  readonly test: "in" | "equals" | "endsWith" | "entitlement";
  /** NFC-normalised; for `equals` a boolean is possible and then alone. */
  readonly values: readonly (string | boolean)[];
  /** For `entitlement`: the membership that one of the claim's values must be (AARC-G069). */
  readonly membership?: Membership;
  /** `<claim>_verified` must be `true`. */
  readonly verified: boolean;
  /** The claim is an e-mail address: under `not`, one that is not plainly another excludes. */
  readonly address?: true;
  /** Under `not`, an absent claim is an empty one. */
  readonly absentIsEmpty?: true;
  /** The condition as a person reads it. */
  readonly text: string;
}

/** A condition in CEL, type-checked at load. */
export interface CelCondition {
  readonly text: string;
  /** The claims it reads. */
  readonly reads: readonly string[];
  /** Of all its patterns together; each letter of a text is compared with as many in the worst case. */
  readonly steps: number;
  /** `unknown` when a claim it reads did not arrive whole; an error while it runs is a no. */
  readonly evaluate: (claims: ClaimsView) => Truth;
}

/** WHO: persons of one identity provider, by conditions on claims. */
export interface People {
  readonly name: string;
  readonly from: IdentityProviderAlias;
  readonly all: readonly Atom[];
  /** At least one must hold, when there is any. */
  readonly any: readonly Atom[];
  readonly not: readonly Atom[];
  /** A condition that no proof covers. */
  readonly cel?: CelCondition;
  readonly source: Source;
}

/** WHO gets WHAT, WHERE and WHEN. */
export interface Grant {
  readonly id: string;
  readonly tenant: TenantName;
  readonly set: PermissionSet;
  readonly people: People;
  readonly at: readonly TargetName[];
  /** First moment; `until` is not included. */
  readonly from?: Instant;
  readonly until?: Instant;
  readonly amr: readonly string[];
  readonly acr: readonly string[];
  /** All of these values of `eduperson_assurance` (REFEDS Assurance Framework). */
  readonly assurance: readonly string[];
  readonly because?: string;
  /** It opens the console, and nothing else. */
  readonly opensConsole: boolean;
  /** What it gives on each target, made once at load. */
  readonly entitlements: ReadonlyMap<TargetName, readonly Entitlement[]>;
  readonly source: Source;
}

/** What people of a tenant may ask for by themselves, and who decides. */
export interface Requestable {
  readonly sets: readonly PermissionSet[];
  /** The longest time that may be asked for. */
  readonly longest: Seconds;
  /** What nobody decides in this time is over. */
  readonly wait: Seconds;
  /** Of the managers those who decide; none named: all of them. */
  readonly deciders: readonly People[];
  readonly source: Source;
}

/** The rules of one tenant. */
export interface TenantRules {
  readonly sets: ReadonlyMap<string, PermissionSet>;
  readonly people: ReadonlyMap<string, People>;
  readonly grants: readonly Grant[];
  readonly counts: readonly CountRule[];
  /** Absent: nobody may ask for anything. */
  readonly requestable?: Requestable;
  /** Absent: a review is begun by hand. */
  readonly review?: ReviewSchedule;
}

/** How many people may hold a set. */
export interface CountRule {
  readonly set: PermissionSet;
  readonly min: number;
  readonly max: number;
  /** Only people who signed in within this time count. */
  readonly within: Seconds;
  readonly otherwise: "warn" | "refuse";
  readonly source: Source;
}

/**
 * How a login came about. `apart` = confirmed in a browser that is not known to stand beside the program; `machine` = a robot
 * that proved itself by its own key, and no person confirmed anything.
 */
export type LoginMethod = "device" | "browser" | "apart" | "machine";

/** Rights that a login would have if it had come about in another way. */
export interface Withheld {
  readonly entitlements: readonly Entitlement[];
  /** The login's own way, which carries no elevated set. */
  readonly loginMethod: "device" | "apart";
}

/** What is known about a login when its rights are decided. */
export interface LoginFacts {
  readonly tenant: TenantName;
  readonly identityProvider: IdentityProviderAlias;
  /** As they arrived; nothing in them is trusted to have a shape. */
  readonly claims: Claims;
  readonly amr: readonly string[];
  readonly acr?: string;
  readonly loginMethod: LoginMethod;
  /** Id of the client that asked. */
  readonly client: string;
  readonly at: Instant;
}

/** Why a grant was or was not given. */
export interface GrantTrace {
  readonly grant: string;
  readonly set: string;
  readonly source: Source;
  readonly matched: boolean;
  /** What failed, in words. Holds no claim value. */
  readonly because?: string;
  /** End of the grant's window. */
  readonly until?: Instant;
}

/** The rights of one login. `unknown` = a claim did not arrive whole: no right may be given, and none taken for absent. */
export type Decision =
  | {
      readonly kind: "decided";
      readonly entitlements: readonly Entitlement[];
      /** Grants whose people matched, given or not. */
      readonly grants: readonly GrantTrace[];
      /** What nothing but the way of this login keeps from it. */
      readonly withheld?: Withheld;
      /** Earliest end of a window among the given grants: no token may outlive it. */
      readonly until?: Instant;
    }
  | { readonly kind: "unknown"; readonly because: string };

/** Which device logins may carry which roles. */
export interface DeviceLogin {
  readonly elevatedRoles: readonly string[];
  readonly allow: readonly string[];
  /** The operator has said who may, be it nobody: then nobody need be warned. */
  readonly settled: boolean;
}

/** A checked policy: every name in it resolves, every in-file test holds. */
export interface Policy {
  readonly targets: ReadonlyMap<TargetName, Target>;
  readonly tenants: ReadonlyMap<TenantName, Tenant>;
  readonly rules: ReadonlyMap<TenantName, TenantRules>;
  readonly deviceLogin: DeviceLogin;
  /** What is declared of identity providers. */
  readonly identityProviders: ReadonlyMap<IdentityProviderAlias, IdentityProvider>;
  /** What is not wrong but most likely not meant, sorted by place; it changes with time, since windows end. */
  warnings(at: Instant): readonly Problem[];
  /** SHA-256 of the meaning: same for the same rules, whatever the order of the files. */
  readonly digest: string;
  /** The tenant an e-mail address with this domain belongs to (any case). */
  tenantOfEmailDomain(domain: string): Tenant | undefined;
  /** The one tenant that this identity provider can reach. */
  tenantOfIdentityProvider(alias: string): Tenant | undefined;
  /** The rights of a login, everywhere or on one target. Never throws, whatever the claims hold. */
  decide(facts: LoginFacts, target?: TargetName): Decision;
}
