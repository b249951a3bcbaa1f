import type { Client } from "./registry.ts";

/** What JWTs of a client under FAPI 2.0 may be signed with (Security Profile section 5.4.1). */
const fapiAlgorithms = ["PS256", "ES256", "EdDSA", "Ed25519"];

/** True for a client of which more is asked: FAPI 2.0 Security Profile (section 5.3.2). */
export const isFapi = (client: Pick<Client, "profile"> | undefined): boolean => client?.profile === "fapi2";

/** What is wrong with a signature algorithm for a client; `undefined` when nothing is. */
export const algorithmFault = (client: Pick<Client, "profile"> | undefined, alg: unknown): string | undefined =>
  isFapi(client) && !fapiAlgorithms.some((allowed) => allowed === alg)
    ? `FAPI 2.0 allows ${fapiAlgorithms.join(", ")}`
    : undefined;
