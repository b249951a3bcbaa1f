import type { Secret } from "../core/index.ts";
import { formatKey, type Key } from "./key.ts";

/** A JSON value. In desired fields `null` says: this must not be there. */
export type Plain = string | number | boolean | null | readonly Plain[] | PlainMap;
/** Named JSON values. */
export interface PlainMap {
  readonly [name: string]: Plain;
}

/** What a resource is called: unique within one driver. */
export interface Identity<K extends Key = Key> {
  readonly kind: string;
  readonly key: K;
}

/** An identity whose key is a text, as plans and ownership records hold it: shown and compared, never split. */
export type Named = Identity<string>;

/**
 * A secret that goes with a resource. `fingerprint` is a keyed or salted hash of it: the driver stores it with the
 * resource and reads it back, which is how a changed secret is noticed. Without one the secret is only sent along, never compared.
 */
export interface SecretField {
  readonly value: Secret;
  /** Where it belongs among the fields, if the driver writes it there; default: a field of the driver's own. */
  readonly at?: readonly string[];
  /** What belongs there is a list or a map, of which the value is the JSON. */
  readonly json?: true;
  readonly fingerprint?: string;
}

/** Something that should be so. Only the fields it declares are ever compared. */
export interface Resource<K extends Key = Key> extends Identity<K> {
  readonly fields: PlainMap;
  readonly secrets?: Readonly<Record<string, SecretField>>;
  /** Said, with values that this run does not know: neither compared nor brought back. */
  readonly apart?: readonly (readonly string[])[];
  /** Follows from what stands there, and not from the files: a change of it is no change of what the files say. */
  readonly implied?: true;
  /** What must stand before this one. Names that are not in the same desired state are ignored. */
  readonly dependsOn?: readonly Identity[];
}

/**
 * Something that is so. `fields` holds at least what a plan may compare, already in the desired state's vocabulary
 * (numbers as numbers, server defaults left as they are). Secrets never stand here: only their stored fingerprints.
 */
export interface Observed<Remote = unknown, K extends Key = Key> extends Identity<K> {
  readonly fields: PlainMap;
  readonly fingerprints?: Readonly<Record<string, string>>;
  /** Of a product that shows its secrets to us: whether it has each as it is wanted. Then no fingerprint is looked at. */
  readonly holds?: Readonly<Record<string, boolean>>;
  readonly dependsOn?: readonly Identity[];
  /** True when we made it. The driver decides by a marker on the object, or by a name that only we use; an ownership record may add to it. */
  readonly owned: boolean;
  /** Always exists in a place that is ours as a whole: although its kind is `shared`, the files say all of it. */
  readonly whole?: boolean;
  /** The product's own id, which a second object under the same name would not share; kept in the ownership record. */
  readonly id?: string;
  /**
   * The product made it by itself: taken over as soon as it is wanted otherwise, and deleted only where the files say
   * that it must not be there (`PlanOptions.absent`).
   */
  readonly builtin?: true;
  /**
   * Not there yet: the product will make it by itself together with this resource, which the plan makes or changes.
   * What is known of it is a prediction, and it is read when it has come.
   */
  readonly comesWith?: Identity;
  /** Why it stays although nobody wants it, as the end of a sentence; absent: it goes when it is ours. */
  readonly stays?: string;
  /** what the driver keeps for itself, such as a server id; never compared, never in a plan. */
  readonly remote?: Remote;
}

/**
 * How a list is compared. `ordered` (the default): position matters. `set`: it does not, and repetition neither.
 * `unordered`: the same, for a product that answers in any order; what is shown and written is the list as it is wanted.
 * `{by}`: a set of maps, each known by the value under that name, each compared by its declared names only.
 */
export type ListRule = "ordered" | "unordered" | "set" | { readonly by: string };

/** What stands there that is not wanted: it stays, or goes at the end of the plan, after all was built. */
export interface Around {
  readonly staying: readonly Observed[];
  readonly going: readonly Observed[];
}

/** What holds for every resource of a kind. */
export interface KindRule {
  readonly kind: string;
  /** Lower levels are built first and removed last. Within a level `dependsOn` decides, then the key. */
  readonly level: number;
  /** How lists are compared, by the field's path with dots (`config.scopes`; `config.*` for any other name in it). */
  readonly lists?: Readonly<Record<string, ListRule>>;
  /** Where a map says something by being there, even an empty one; elsewhere one that is not there is like an empty one. */
  readonly present?: (path: readonly string[]) => boolean;
  /** The kind carries rights: deleting it, or shrinking one of its sets, comes before anything is built. */
  readonly grants?: boolean;
  /** For kinds that carry rights: further changes that only take away, such as `enabled: true → false`. */
  readonly takesAway?: (change: Change) => boolean;
  /** Fields (first part of the path) that cannot be changed in place: a change deletes and creates anew. */
  readonly immutable?: readonly string[];
  /** Instead: `Driver.replace` makes the new one, moves what hangs on the old one over, and retires the old one. */
  readonly replace?: "blue-green";
  /** Stays when it is no longer wanted; the plan says so. */
  readonly neverDelete?: boolean;
  /** Always exists, and belongs to everybody (settings, defaults): changed although we did not make it, then never deleted. */
  readonly shared?: boolean;
  /** Deleting it loses something that no later run brings back. */
  readonly irreversible?: boolean;
  /** There is no room for a marker on the object: that it is ours stands in an ownership record. */
  readonly recorded?: boolean;
  /** True for a name under which the product keeps secrets, and shows them: what stands there is never part of a plan. */
  readonly hides?: (name: string) => boolean;
  /**
   * What the product gives a new object wherever nobody says anything, `null` being nothing at all. An object of ours goes
   * back to it in each member that the wanted one does not say; so does what we once wrote into a `shared` one. A member
   * that does not stand in the answer is the product's own or unknown to us, and stays; one that is not observed is as here.
   */
  readonly unsaid?: (observed: Observed, wanted: PlainMap) => PlainMap;
  /**
   * Within maps, by member: true for a name that the product goes on writing by itself, such as the time when it last read
   * a directory. Nothing rests on it: a plan that deletes the object is as true after that.
   */
  readonly productsOwn?: Readonly<Record<string, (name: string) => boolean>>;
  /** What others made within it (what depends on it) would go with it: it stays as long as any of that is there. */
  readonly keepsOthers?: boolean;
  /**
   * Why the product would refuse what is wanted, although nothing stands under its name: the end of a sentence that begins
   * with the name. Asked of what would be made or changed.
   */
  readonly refuses?: (wanted: Resource, around: Around) => string | undefined;
  /** Name of the one document that all of the kind are written into: its writes are never in flight together. */
  readonly document?: string;
}

/** One field that becomes different. */
export interface Change {
  readonly path: readonly string[];
  /** Absent: was not there. */
  readonly from?: Plain;
  /** Absent: will not be there. */
  readonly to?: Plain;
  /** Both sides are sets (sorted): what counts is what comes and what goes. */
  readonly set?: true;
  /** A secret: both values are withheld. */
  readonly secret?: true;
}

/** Kind and key as one text, for maps and people; the same for an identity and for its `Named`. */
export const identityOf = (it: Identity): string => `${it.kind} ${formatKey(it.key)}`;

/** The identity with its key as text. */
export const named = ({ kind, key }: Identity): Named => ({ kind, key: formatKey(key) });
