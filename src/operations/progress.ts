import type { Applied, Step } from "../reconcile/index.ts";

/** What an operation tells while it is at work. Names are as they are; whoever shows them makes them safe. */
export type Progress =
  /** Begins to read: "realm scs", "cloud gx1". */
  | { readonly kind: "reading"; readonly what: string }
  /** Begins to look how something behaves: "cloud gx1". */
  | { readonly kind: "looking"; readonly at: string }
  /** Begins to try something out. */
  | { readonly kind: "trying"; readonly what: string }
  /** The environment names no way to this target of the policy: it is left out. */
  | { readonly kind: "skipped"; readonly target: string }
  /** A target was read and planned. */
  | { readonly kind: "read"; readonly requests: number; readonly remarks: readonly string[] }
  /** Something that whoever wrote the files may not expect. */
  | { readonly kind: "remark"; readonly remark: string }
  /** A step of a plan was done. `index` counts from 0. */
  | { readonly kind: "step"; readonly of: string; readonly step: Step; readonly index: number; readonly total: number }
  /** A plan was carried out as far as it went: `applied` says how far. */
  | { readonly kind: "applied"; readonly of: string; readonly applied: Applied }
  /** What somebody has somewhere is being ended. */
  | { readonly kind: "ending"; readonly where: string; readonly what: string; readonly becomes: string }
  /** The environment names no way to the Keycloak of this issuer: the account there stays as it is. */
  | { readonly kind: "keycloak unknown"; readonly issuer: string }
  /** Nobody knows the person's account at Keycloak any more. */
  | { readonly kind: "account unknown" };

/** Takes what an operation tells. Must not throw. */
export type Listener = (progress: Progress) => void;
