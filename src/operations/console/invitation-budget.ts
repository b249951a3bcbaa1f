import { createHash } from "node:crypto";
import { type ApiProblem, err, ok, type Result, seconds, type TenantName } from "../../core/index.ts";
import type { NewMember } from "../../realms/index.ts";
import type { ConsoleDeps } from "./deps.ts";
import type { MembersPlace } from "./members.ts";
import { refuse } from "./sentences.ts";

/** Invitations of one tenant: an import of a spreadsheet, and what is typed besides. */
const perTenant = { name: "invitations-of-tenant", limit: 300, window: seconds(86_400) } as const;
/** The same to one address: nobody's mailbox is filled by us (S-56). */
const perAddress = { name: "invitations-to-address", limit: 3, window: seconds(3_600) } as const;

/** What is said when the tenant has none left: then nobody else of it is invited either. */
export const tenantHasNoneLeft = refuse("too_many_requests", "tenantMailsSpent", {});

/** Charges an invitation before anything is made for it. Other tenants' invitations are not told by it (S-46). */
export async function chargeInvitation(
  { store }: Pick<ConsoleDeps, "store">,
  { reached }: MembersPlace,
  { email }: Pick<NewMember, "email">,
): Promise<Result<void, ApiProblem>> {
  const tenant = reached.tenant.name;
  const address = keyOf(tenant, email);
  if (!(await store.spend(perAddress, address)).granted)
    return err(refuse("too_many_requests", "addressMailsSpent", {}));
  if ((await store.spend(perTenant, tenant)).granted) return ok(undefined);
  await store.spend(perAddress, address, -1);
  return err(tenantHasNoneLeft);
}

/** Gives back what an invitation cost of which no mail was sent. */
export async function giveBackInvitation(
  { store }: Pick<ConsoleDeps, "store">,
  { reached }: MembersPlace,
  { email }: Pick<NewMember, "email">,
): Promise<void> {
  const tenant = reached.tenant.name;
  await store.spendAll(
    [
      { budget: perAddress, key: keyOf(tenant, email) },
      { budget: perTenant, key: tenant },
    ],
    -1,
  );
}

const keyOf = (tenant: TenantName, email: string): string =>
  createHash("sha256")
    .update(JSON.stringify([tenant, email]))
    .digest("hex");
