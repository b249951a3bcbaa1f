import { targetUrn } from "../../../core/index.ts";
import { carriedBy } from "./carried.ts";
import type { Login } from "./kept-login.ts";
import type { Session } from "./session.ts";

/** The groups that a token for each target carries now. */
export type GroupsNow = ReadonlyMap<string, ReadonlySet<string>>;

/** Forgets kept tokens for targets whose groups are others by now. Without such it is one look at the file, and no write. */
export async function forgetOutdated({ file }: Pick<Session, "file">, groups: GroupsNow): Promise<void> {
  if (outdated(await file.read(), groups).length === 0) return;
  await file.locked(async () => {
    const login = await file.read();
    const gone = outdated(login, groups);
    if (!login || gone.length === 0) return;
    const access = Object.fromEntries(Object.entries(login.access).filter(([resource]) => !gone.includes(resource)));
    await file.write({ ...login, access });
  });
}

const outdated = (login: Login | undefined, groups: GroupsNow): string[] =>
  [...groups].flatMap(([target, now]) => {
    const resource = targetUrn(target);
    const kept = login?.access[resource];
    const carried = kept && carriedBy(kept.token)?.groups;
    const differ = carried && (carried.length !== now.size || carried.some((group) => !now.has(group)));
    return differ ? [resource] : [];
  });
