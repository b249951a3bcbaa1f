import type { Audit } from "../audit/index.ts";
import type { Clock, Language, Seal, Secret } from "../core/index.ts";
import type { Store } from "../store/index.ts";

/** By which server mail is sent, and as whom. */
export interface MailOptions {
  readonly host: string;
  readonly port: number;
  /** `starttls`: TLS after the greeting, or no mail; `implicit`: TLS from the first byte. */
  readonly tls: "starttls" | "implicit";
  /** Without TLS to this machine, for development. */
  readonly allowInsecureLoopback: boolean;
  readonly user?: string | undefined;
  readonly password?: Secret | undefined;
  readonly from: string;
  readonly fromName: string;
  /** For who is not known to read another. */
  readonly language: Language;
  /** PEM of authorities besides the usual ones. */
  readonly ca?: string | undefined;
}

/** A program of the operator's that is told by HTTP. */
export interface WebhookOptions {
  readonly name: string;
  readonly url: string;
  readonly secret: Secret;
  /** Told of these only; absent: of all. */
  readonly kinds?: readonly string[] | undefined;
  readonly tenants?: readonly string[] | undefined;
}

/** Whom notices go to besides their people. */
export interface NoticeOptions {
  readonly mail?: MailOptions | undefined;
  readonly webhooks: readonly WebhookOptions[];
}

/** What telling takes. */
export interface NoticeDeps {
  readonly issuer: string;
  readonly store: Store;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly options: NoticeOptions;
}

/** What became of one try; `later` is tried again, `away` = whoever else is told on this way need not be tried now. */
export type Delivery =
  | { readonly outcome: "delivered" }
  | { readonly outcome: "refused"; readonly detail: string }
  | { readonly outcome: "later"; readonly detail: string; readonly away?: true };
