import type { LeaseStore } from "./lease.ts";
import type { OwnershipStore } from "./ownership-records.ts";
import type { Change, Identity, KindRule, Observed, Resource } from "./resource.ts";

/**
 * The hands of the engine on one product. Every method throws `Fault` when the product cannot be reached or refuses.
 * `create` must mark the object as ours in the same request that makes it, or the rule of its kind says `recorded`: else a crash
 * leaves an object that nobody owns.
 */
export interface Driver<Remote = unknown> {
  /** As people know it: `keycloak main realm scs`, `keystone gx1`. */
  readonly name: string;
  readonly kinds: readonly KindRule[];
  /** For kinds without room for a marker, and for whatever is adopted. */
  readonly ownership?: OwnershipStore;
  /** Keeps a second applier away. */
  readonly lease?: LeaseStore;
  /**
   * Everything of the driver's kinds that is ours, and whatever stands under a desired or an absent resource's identity;
   * of the kinds in `all`, everything there is. What the product will make by itself together with a desired resource
   * that is not there, or not so yet, is answered with `comesWith`, if it is desired or absent.
   */
  read(desired: readonly Resource[], scope?: ReadScope): Promise<readonly Observed<Remote>[]>;
  create(resource: Resource): Promise<void>;
  /**
   * Makes `resource.fields` true. `changes` are those of this step. `observed` is what was read, with the fields that
   * earlier steps of the same run have changed.
   */
  update(resource: Resource, observed: Observed<Remote>, changes: readonly Change[]): Promise<void>;
  /** For kinds that are replaced blue-green: at no moment is there neither the old nor the new one. */
  replace?(resource: Resource, observed: Observed<Remote>, changes: readonly Change[]): Promise<void>;
  /** An object that is already gone is a success. */
  remove(observed: Observed<Remote>): Promise<void>;
}

/** What a reading must hold besides what is ours and what is wanted. */
export interface ReadScope {
  /** Kinds of which everything is to be seen, because the files are the only truth about them. */
  readonly all: readonly string[];
  /** What must not be there. */
  readonly absent?: readonly Identity[];
  /** True for what must not be changed if another person made it: whether the product did is worth a question. */
  asksWhose?(it: Identity): boolean;
}
