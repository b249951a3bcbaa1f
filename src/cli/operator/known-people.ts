import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type IdentityProviderAlias, instant, parseTime, type TenantName } from "../../core/index.ts";
import type { KnownPerson } from "../../policy/index.ts";
import { CommandFailure } from "../failure.ts";

const moment = z.string().transform((text, context) => {
  const at = parseTime(text);
  if (at === undefined) context.addIssue({ code: "custom", message: "a time expected" });
  return at ?? instant(0);
});

const ledgerSchema = z.object({
  people: z.array(
    z.object({
      person: z.string().min(1),
      tenant: z.string().transform((name) => name as TenantName),
      upstream: z.string().transform((alias) => alias as IdentityProviderAlias),
      claims: z.record(z.string(), z.unknown()),
      amr: z.array(z.string()),
      acr: z.string().optional(),
      at: moment,
    }),
  ),
});

/** Reads what `cloudpass people ledger` wrote: `{people: [{person, tenant, upstream, claims, amr, acr?, at}]}`. */
export async function readKnownPeople(file: string): Promise<readonly KnownPerson[]> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new CommandFailure(`${file} cannot be read (${cause.code})`, { cause });
  });
  const fix = "write it with: cloudpass people ledger --config broker.yaml > people.json";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CommandFailure(`${file} is not JSON`, { fix, cause });
  }
  const ledger = ledgerSchema.safeParse(value);
  if (ledger.success)
    return ledger.data.people.map(({ upstream, ...rest }) => ({ ...rest, identityProvider: upstream }));
  const [first] = ledger.error.issues;
  throw new CommandFailure(`${file} is not a ledger of people`, {
    means: `${first?.path.join(".")}: ${first?.message}`,
    fix,
  });
}
