import {
  type ApiProblem,
  type CommitId,
  err,
  type InputError,
  ok,
  type Result,
  refusal,
  type Source,
} from "../../core/index.ts";
import { type Change, readEntries } from "../../policy/index.ts";
import { formatYaml, parseYaml } from "../../yaml/index.ts";
import { type Caller, reachTenant } from "./caller.ts";
import { openToChange, textsAt } from "./change.ts";
import type { ConsoleDeps } from "./deps.ts";

/** What of a policy is written as it stands in the file. */
export type RuleSection = "sets" | "tests";

/** A permission set or an in-file test of the tenant's own files. */
export interface WrittenRule {
  readonly section: RuleSection;
  readonly name: string;
  /** As the policy files have it, without its name. */
  readonly value: unknown;
  /** The same in YAML. */
  readonly text: string;
  readonly source: Source;
}

const isRule = (section: string): section is RuleSection => section === "sets" || section === "tests";

/** The permission sets and tests of a tenant's own files, in their order. The operator's are the operator's to change. */
export async function listRules(
  { tenant }: { readonly tenant: string },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<readonly WrittenRule[], ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const [repository, commit] = [deps.policyFiles?.repository, deps.policyFiles?.commit()];
  return ok(repository && commit ? await rulesAt(repository, commit, reached.value.tenant.name) : []);
}

async function rulesAt(
  repository: Parameters<typeof textsAt>[0],
  commit: CommitId,
  tenant: string,
): Promise<readonly WrittenRule[]> {
  return [...(await textsAt(repository, commit))].flatMap(([file, text]) => {
    const read = readEntries(text, file);
    return (read.ok ? read.value : []).flatMap(({ section, name, value, line, tenant: whose }) => {
      if (whose !== tenant || !isRule(section)) return [];
      const own = withoutName(section, value);
      return [{ section, name, value: own, text: formatYaml(own), source: { file, line } }];
    });
  });
}

/** A test stands with its name in the file; a set under it. */
function withoutName(section: RuleSection, value: unknown): unknown {
  if (section === "sets" || typeof value !== "object" || value === null) return value;
  const { name: _name, ...own } = value as Readonly<Record<string, unknown>>;
  return own;
}

/** A set or a test as somebody wants it. */
interface RuleAsked {
  readonly tenant: string;
  /** The commit whose files the wish was made with. */
  readonly from: CommitId;
  readonly section: string;
  readonly name: string;
  /** The name that it had; another one than `name`: it is called otherwise from now on. Absent: it is new, or whatever has the name. */
  readonly was?: string | undefined;
  /** A new one: refused where there is one of that name that says something else. */
  readonly isNew?: boolean | undefined;
  /** In YAML, or as a value; `undefined`: it goes. */
  readonly text?: string | undefined;
  readonly value?: unknown;
}

/** The changes by which a set or a test is as it is wanted, or goes. What is not there is not found; what is no YAML is said by line. */
export async function changesToWrite(
  asked: RuleAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<readonly Change[], ApiProblem>> {
  const opened = await openToChange(asked, deps, caller);
  if (!opened.ok) return opened;
  const { section, name, was, isNew } = asked;
  if (!isRule(section)) return err(refusal("not_found", "there is no such section"));
  const wanted = asked.text === undefined ? ok(asked.value) : readValue(asked.text);
  if (!wanted.ok) return wanted;
  const known = await rulesAt(opened.value.repository, asked.from, opened.value.name);
  const isThere = (one: string) => known.some((rule) => rule.section === section && rule.name === one);
  if (wanted.value === undefined || was !== undefined) {
    if (!isThere(was ?? name)) return err(refusal("not_found", "there is no such entry in the tenant's own files"));
  }
  if (wanted.value === undefined) return ok([{ section, name: was ?? name, value: undefined }]);
  const change: Change = { section, name, value: wanted.value, ...(isNew && { add: true as const }) };
  if (was === undefined || was === name) return ok([change]);
  return ok([
    { section, name: was, value: undefined },
    { ...change, add: true },
  ]);
}

/** What a text of one document says. */
function readValue(text: string): Result<unknown, ApiProblem> {
  const wrong = (errors: readonly InputError[]) =>
    err({ ...refusal("invalid_input", errors[0]?.detail ?? "the text is not as it should be"), errors });
  const read = parseYaml(text, "text");
  if (!read.ok)
    return wrong(read.refusal.map(({ line, message }) => ({ pointer: "/text", detail: `line ${line}: ${message}` })));
  const values = read.value.map(({ value }) => value).filter((value) => value !== null && value !== undefined);
  const [only, ...others] = values;
  if (only === undefined || others.length > 0)
    return wrong([{ pointer: "/text", detail: "write what it holds, as one text without `---`" }]);
  return ok(only);
}
