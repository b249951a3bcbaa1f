import type { Environment } from "../../config/index.ts";
import type { Clock } from "../../core/index.ts";
import { checkIdentityProvider as check, type Report, type Subject } from "../../probe/index.ts";
import { rulesOf } from "./files.ts";

/** Looks at an identity provider before it is connected. Writes nothing. */
export const checkIdentityProvider = (
  { subject, environment }: { readonly subject: Subject; readonly environment?: Pick<Environment, "probe"> },
  { clock }: { readonly clock: Clock },
): Promise<Report> => check(subject, rulesOf(environment), clock);
