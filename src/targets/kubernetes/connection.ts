import type { Secret } from "../../core/index.ts";

/** How an operator's account reaches one cluster's API server. */
export interface KubernetesConnection {
  /** https, without a path. */
  readonly server: string;
  /** Authority of the server's certificate, when the system's do not include it. */
  readonly caPem?: string;
  readonly token?: Secret;
  readonly clientCertificatePem?: string;
  readonly clientKeyPem?: Secret;
}
