import { z } from "zod";
import { createFetch } from "../../../http-client/index.ts";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import { awayFailure, endCloudToken, loginToCloud, versioned } from "./cloud-login.ts";
import type { Session } from "./session.ts";
import type { ListedCloud } from "./targets.ts";

const name = z.string().max(512);
const named = z.object({ id: name, name });
const placeSchema = z.object({ id: name, name, enabled: z.boolean().optional() });

const userSchema = z.object({
  id: name,
  name,
  domain: named.partial({ name: true }),
  "OS-FEDERATION": z.object({ groups: z.array(z.object({ id: name, name: name.optional() })).optional() }).optional(),
});
const selfSchema = z.object({ token: z.object({ user: userSchema, expires_at: z.iso.datetime() }) });
const projectsSchema = z.object({ projects: z.array(placeSchema) });
const domainsSchema = z.object({ domains: z.array(placeSchema) });
const scopedSchema = z.object({
  token: z.object({
    project: named.extend({ domain: named }).optional(),
    domain: named.optional(),
    roles: z.array(z.object({ name })),
  }),
});

/** Where somebody may act on a cloud, and as what, as the cloud itself says it. */
interface CloudPlace {
  readonly kind: "project" | "domain";
  /** With its domain, such as `customer-a/dev`. */
  readonly name: string;
  readonly roles: readonly string[];
}

/** Who somebody is to a cloud, as the cloud itself says it. */
export interface CloudSelf {
  readonly user: { readonly id: string; readonly name: string; readonly domain: string };
  /** Ids of its groups that the login is in. */
  readonly groups: readonly string[];
  /** End of the cloud's token, as it says it. */
  readonly expiresAt: string;
  readonly places: readonly CloudPlace[];
  /** Places beyond those whose roles were asked. */
  readonly more: number;
}

/** Roles are asked place by place, and of no more than this many. */
const mostPlaces = 20;
const timeoutMs = 15_000;

/** Logs in at a cloud and asks it who that is, and what it may do where. The tokens got for it are ended again. */
export async function whoAmIAtCloud(session: Session, cloud: ListedCloud, now: () => number): Promise<CloudSelf> {
  const { token } = await loginToCloud(session, cloud, now);
  const root = versioned(cloud.auth_url);
  const got = [token];
  const ask = asker(cloud, root, token, (more) => got.push(more));
  try {
    const [self, projects, domains] = await Promise.all([
      ask("GET", "/auth/tokens", selfSchema),
      ask("GET", "/auth/projects", projectsSchema),
      ask("GET", "/auth/domains", domainsSchema),
    ]);
    const all = [
      ...domains.domains.map((place) => ({ kind: "domain" as const, ...place })),
      ...projects.projects.map((place) => ({ kind: "project" as const, ...place })),
    ].filter(({ enabled }) => enabled !== false);
    const places = await Promise.all(all.slice(0, mostPlaces).map((place) => rolesAt(ask, place, token)));
    const { user, expires_at: expiresAt } = self.token;
    return {
      user: { id: user.id, name: user.name, domain: user.domain.name ?? user.domain.id },
      groups: (user["OS-FEDERATION"]?.groups ?? []).map((group) => group.name ?? group.id),
      expiresAt,
      places,
      more: all.length - places.length,
    };
  } finally {
    await Promise.all(got.toReversed().map((one) => endCloudToken(session, { authUrl: cloud.auth_url, token: one })));
  }
}

type Ask = <T>(method: "GET" | "POST", path: string, schema: z.ZodType<T>, json?: unknown) => Promise<T>;

async function rolesAt(
  ask: Ask,
  { kind, id }: { readonly kind: CloudPlace["kind"]; readonly id: string },
  token: string,
): Promise<CloudPlace> {
  const auth = { identity: { methods: ["token"], token: { id: token } }, scope: { [kind]: { id } } };
  const { project, domain, roles } = (await ask("POST", "/auth/tokens?nocatalog", scopedSchema, { auth })).token;
  return {
    kind,
    name: project === undefined ? (domain?.name ?? id) : `${project.domain.name}/${project.name}`,
    roles: roles.map((role) => role.name).sort(),
  };
}

/** `note` is told of each token that the cloud gives besides. */
function asker(cloud: ListedCloud, root: string, token: string, note: (token: string) => void): Ask {
  return async (method, path, schema, json) => {
    const headers = new Headers({ accept: "application/json", "x-auth-token": token, "x-subject-token": token });
    if (json !== undefined) headers.set("content-type", "application/json");
    const body = json === undefined ? null : JSON.stringify(json);
    const answer = await createFetch({ timeoutMs })(`${root}${path}`, { method, headers, body }).catch(
      (cause: unknown) => {
        throw awayFailure(cloud, cause);
      },
    );
    const given = answer.headers.get("x-subject-token");
    if (method === "POST" && given !== null) note(given);
    const parsed = schema.safeParse(await answer.json().catch(() => undefined));
    if (answer.ok && parsed.success) return parsed.data;
    throw new CommandFailure(`the cloud ${plain(cloud.name)} answered ${answer.status} when asked who you are`, {
      means: answer.ok ? "Its answer makes no sense." : `It took your login, and refuses ${method} ${path}.`,
      fix: "try again in a moment; if it lasts, tell the operator of the cloud",
      exitCode: answer.status >= 500 ? exitCodes.unreachable : exitCodes.error,
    });
  };
}
