import { z } from "zod";
import { systemClock } from "../../../core/index.ts";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import { formatCommand } from "../../settings.ts";
import { formatProofRefusal, refusesProof } from "../session/clock-skew.ts";
import { formatTrouble } from "../session/issuer.ts";
import { askOwnApi, type OwnRequest } from "../session/own-api.ts";
import type { Session } from "../session/session.ts";
import { againIfLost } from "../session/unreachable.ts";
import { pageSchema, tenantsSchema } from "./answers.ts";

/** What the console's API answered, and the commit that it is of, as its entity tag names it. */
interface Answered<T> {
  readonly value: T;
  readonly tag: string | undefined;
}

/** A request to the console's API: the path below `/api/v1`, and a schema for the answer. */
interface Question<T> extends Omit<OwnRequest, "target"> {
  readonly answer: z.ZodType<T>;
  /** It is something that anybody may ask, with the command's own token and any login. */
  readonly forAnybody?: true;
}

/** Most items that one page of a list has. */
const pageSize = 200;

/**
 * Asks the console's API in the person's name. A request whose answer is lost is sent again: the API answers the same, and
 * does nothing twice. Fails with what the API says.
 */
export async function askConsole<T>(
  session: Session,
  { answer, forAnybody, ...request }: Question<T>,
): Promise<Answered<T>> {
  const { issuer } = session.settings;
  const doing = "asking its console";
  const target = forAnybody ? {} : { target: "console" };
  const whole = { ...request, path: `/api/v1${request.path}`, ...target };
  const response = await againIfLost(() => askOwnApi(session, whole)).catch((problem: unknown) => {
    throw formatTrouble(issuer, doing, problem);
  });
  if (refusesProof(response)) throw formatProofRefusal(issuer, doing, response, systemClock.now());
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw formatRefusal(session, response.status, body, forAnybody === true);
  const parsed = answer.safeParse(body);
  if (parsed.success) return { value: parsed.data, tag: response.headers.get("etag") ?? undefined };
  const issue = parsed.error.issues[0];
  throw new CommandFailure(`the answer of ${issuer} makes no sense`, {
    means: `At "${plain(issue?.path.join(".") ?? "")}": ${plain(issue?.message ?? "")}.`,
    fix: "check that this cloudpass is not older than the broker",
  });
}

const problemSchema = z.object({
  type: z.string().optional(),
  detail: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});

/** What the API says, as a failure: "<thing> <problem>. <what to do>", and each place of it. */
function formatRefusal({ settings }: Session, status: number, body: unknown, anyLogin: boolean): CommandFailure {
  const parsed = problemSchema.safeParse(body);
  if (status === 401) {
    const login = `run: ${formatCommand(settings, "login")}`;
    if (parsed.data?.type === "urn:cloudpass:problem:insufficient_user_authentication") {
      return new CommandFailure("you proved too long ago, or too weakly, who you are, for something that destroys", {
        fix: `${login} --fresh`,
      });
    }
    return new CommandFailure(`${settings.issuer} no longer accepts your login`, {
      fix: anyLogin ? login : `${login} --browser`,
    });
  }
  const exitCode = status >= 500 ? exitCodes.unreachable : exitCodes.error;
  if (!parsed.success) {
    return new CommandFailure(`${settings.issuer} answered ${status} while asking its console`, {
      fix: "try again in a moment; if it lasts, tell the operator of the broker",
      exitCode,
    });
  }
  const { detail, errors = [] } = parsed.data;
  const [happened = detail, fix] = plain(detail).split(/\. (?=[A-Z][^.]*\.?$)/);
  const places = errors.filter((error) => error.detail !== detail).map((e) => plain(`${e.pointer}: ${e.detail}`));
  return new CommandFailure(happened.replace(/\.$/, ""), {
    ...(places.length > 0 && { means: places.join("\n  ") }),
    ...(fix !== undefined && { fix: `${fix.charAt(0).toLowerCase()}${fix.slice(1)}` }),
    exitCode,
  });
}

/** Which items of a list are wanted, and by which login. */
interface Wanted {
  readonly search?: string | undefined;
  /** As in a question. */
  readonly forAnybody?: true;
}

/** A page of a list, and where the next one begins; absent on the last. */
interface ListPage {
  readonly next?: string | undefined;
}

/** All pages of a list, in their order. */
export async function askPages<P extends ListPage>(
  session: Session,
  path: string,
  { answer, search, ...how }: Wanted & Pick<Question<P>, "answer">,
): Promise<readonly [Answered<P>, ...Answered<P>[]]> {
  const ask = (after?: string) => {
    const query = new URLSearchParams({
      limit: String(pageSize),
      ...(search !== undefined && { search }),
      ...(after !== undefined && { after }),
    });
    return askConsole(session, { path: `${path}?${query}`, answer, ...how });
  };
  const first = await ask();
  const pages: [Answered<P>, ...Answered<P>[]] = [first];
  for (let { next } = first.value; next !== undefined; ) {
    const page = await ask(next);
    pages.push(page);
    next = page.value.next;
  }
  return pages;
}

/** All items of a list, page by page, and the commit that the first page is of. */
export async function askForAll<T>(
  session: Session,
  path: string,
  { item, ...wanted }: Wanted & { readonly item: z.ZodType<T> },
): Promise<{ readonly items: readonly T[]; readonly tag: string | undefined }> {
  const pages = await askPages(session, path, { answer: pageSchema(item), ...wanted });
  return { items: pages.flatMap(({ value }) => value.items), tag: pages[0].tag };
}

/** A tenant that the person reaches. */
export type ReachedTenant = z.infer<typeof tenantsSchema>["items"][number];

/** The tenant that is named, or the only one that the person reaches. */
export async function tenantNamed(session: Session, named: string | undefined): Promise<ReachedTenant> {
  const { items } = (await askConsole(session, { path: "/tenants", answer: tenantsSchema })).value;
  const names = items.map(({ tenant }) => plain(tenant)).join(", ");
  if (named !== undefined) {
    const found = items.find(({ tenant }) => tenant === named);
    if (found !== undefined) return found;
    throw new CommandFailure(`there is no tenant "${plain(named)}" for you`, { fix: `name one of: ${names}` });
  }
  const [only, ...others] = items;
  if (only !== undefined && others.length === 0) return only;
  throw new CommandFailure(`you reach ${items.length} tenants`, { fix: `give --tenant with one of: ${names}` });
}

/** The path of something of a tenant's, whatever its names are. */
export const pathTo = ({ tenant }: Pick<ReachedTenant, "tenant">, ...parts: readonly string[]): string =>
  ["/tenants", ...[tenant, ...parts].map(encodeURIComponent)].join("/");
