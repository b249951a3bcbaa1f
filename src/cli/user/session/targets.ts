import { z } from "zod";
import { type Scope, systemClock } from "../../../core/index.ts";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import { formatCommand } from "../../settings.ts";
import { formatProofRefusal, refusesProof } from "./clock-skew.ts";
import { formatTrouble } from "./issuer.ts";
import type { Login } from "./kept-login.ts";
import { forgetOutdated, type GroupsNow } from "./outdated.ts";
import { askOwnApi } from "./own-api.ts";
import type { Session } from "./session.ts";

const name = z.string().min(1).max(256);

/** Where a right holds. */
export const scopeSchema: z.ZodType<Scope> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("domain"), domain: name }),
  z.object({ kind: z.literal("inherited"), domain: name }),
  z.object({ kind: z.literal("project"), domain: name, project: name }),
  z.object({ kind: z.literal("cluster") }),
  z.object({ kind: z.literal("namespace"), namespace: name }),
  z.object({ kind: z.literal("namespaces"), label: z.string().min(1).max(512) }),
]);

const entitlementSchema = z.object({
  role: name,
  scope: scopeSchema,
  group: z.string().optional(),
  grant: z.string().optional(),
  source: z.string().optional(),
  /** When the right ends, in seconds since the epoch by the broker's clock; absent: not by itself. */
  until: z.number().optional(),
});

const withheldSchema = entitlementSchema.extend({ target: name, flow: z.enum(["device", "apart"]) });

/** A right that the person has and this login does not carry. */
export type WithheldRight = z.infer<typeof withheldSchema>;

const targetSchema = z.discriminatedUnion("kind", [
  z.object({
    name,
    kind: z.literal("openstack"),
    auth_url: z.url(),
    identity_provider: name,
    protocol: name,
    entitlements: z.array(entitlementSchema),
  }),
  z.object({
    name,
    kind: z.literal("kubernetes"),
    server: z.string(),
    /** PEM. */
    certificate_authority: z.string().optional(),
    entitlements: z.array(entitlementSchema),
  }),
]);

const answerSchema = z.object({
  tenant: name,
  /** When the login ends, in seconds since the epoch. */
  expires_at: z.number().optional(),
  targets: z.array(targetSchema),
  /** Rights that the person has and this login does not carry. */
  withheld: z.array(withheldSchema).optional(),
});

/** What `GET <issuer>/targets` answers: everything the person may do, and where. */
export type TargetList = z.infer<typeof answerSchema>;
/** One target of the person. */
export type ListedTarget = TargetList["targets"][number];
/** A cloud of the person. */
export type ListedCloud = Extract<ListedTarget, { kind: "openstack" }>;

/** A cluster of the person. */
export type ListedCluster = Extract<ListedTarget, { kind: "kubernetes" }>;

/**
 * When a login ends, on this machine's clock: the broker's moments count by its own, which is `skew` seconds ahead. Without a list,
 * or of a broker that does not tell, by what the login's last refresh said.
 */
export const endOfLogin = (
  list: Pick<TargetList, "expires_at"> | undefined,
  { endsAt }: Pick<Login, "endsAt">,
  skew: number,
): number | undefined => (list?.expires_at === undefined ? endsAt : list.expires_at - skew);

/** The groups that a token for each target carries now; of a broker that does not tell them, none. */
const groupsByTarget = ({ targets }: TargetList): GroupsNow =>
  new Map(
    targets
      .filter(({ entitlements }) => entitlements.every(({ group }) => group !== undefined))
      .map(({ name: target, entitlements }) => [target, new Set(entitlements.map(({ group }) => group ?? ""))]),
  );

/**
 * Asks the broker for the person's targets, with an access token for the broker itself. Kept tokens that carry other rights
 * than these are forgotten: what a person is shown is what the next command has.
 */
export async function listTargets(session: Session): Promise<TargetList> {
  const { issuer } = session.settings;
  const doing = "asking for your targets";
  const response = await askOwnApi(session, { path: "/targets" }).catch((problem: unknown) => {
    throw formatTrouble(issuer, doing, problem);
  });
  if (refusesProof(response)) throw formatProofRefusal(issuer, doing, response, systemClock.now());
  if (response.status === 401) {
    throw new CommandFailure(`${issuer} no longer accepts your login`, {
      fix: `run: ${formatCommand(session.settings, "login")}`,
    });
  }
  if (!response.ok) {
    throw new CommandFailure(`${issuer} answered ${response.status} while ${doing}`, {
      fix: "try again in a moment; if it lasts, tell the operator of the broker",
      exitCode: response.status >= 500 ? exitCodes.unreachable : exitCodes.error,
    });
  }
  const parsed = answerSchema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) {
    await forgetOutdated(session, groupsByTarget(parsed.data));
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  throw new CommandFailure(`the list of targets from ${issuer} makes no sense`, {
    means: `At "${plain(issue?.path.join(".") ?? "")}": ${plain(issue?.message ?? "")}.`,
    fix: "check that this cloudpass is not older than the broker",
  });
}
