import {
  checkShape,
  deepFreeze,
  no,
  ok,
  type Problem,
  parseYaml,
  type Result,
  Secret,
  type UpstreamAlias,
} from "../core/index.ts";
import { checkRelations } from "./check.ts";
import type { LocatedRealm, Lookup, RealmSpec, UpstreamSpec } from "./model.ts";
import { realmSchema } from "./schema.ts";
import { maskSecrets, substitute } from "./substitute.ts";

/** Parses and checks the files, with all but the secrets in place. Substitution comes after parsing, so that no value can change a document's structure. */
export function readRealms(
  files: readonly { readonly file: string; readonly text: string }[],
  lookup: Lookup,
): { readonly realms: readonly LocatedRealm[]; readonly problems: Problem[] } {
  const problems: Problem[] = [];
  const realms: LocatedRealm[] = [];
  for (const { file, text } of [...files].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))) {
    const parsed = parseYaml(text, file);
    if (!parsed.ok) {
      problems.push(...parsed.refusal);
      continue;
    }
    for (const raw of parsed.value) {
      const { document, missing } = substitute(raw, lookup);
      problems.push(...missing);
      if (missing.length > 0) continue;
      const shape = checkShape(document, realmSchema);
      if (shape.ok) realms.push({ document, data: shape.value });
      else problems.push(...maskSecrets(raw, shape.refusal));
    }
  }
  problems.push(...checkRelations(realms));
  return { realms, problems };
}

/** Reads `realms/*.yaml` (several documents a file) with the secrets behind their references. Answers every problem of all files at once. */
export function loadRealms(
  files: readonly { readonly file: string; readonly text: string }[],
  lookup: Lookup,
): Result<RealmSpec[], Problem[]> {
  const { realms, problems } = readRealms(files, lookup);
  const specs = realms.map((it) => toSpec(it, lookup, problems));
  return problems.length > 0 ? no(problems) : ok(deepFreeze(specs));
}

function toSpec({ document, data }: LocatedRealm, lookup: Lookup, problems: Problem[]): RealmSpec {
  const upstreams = data.upstreams.map(({ scopes, ...u }, i): UpstreamSpec => {
    const text = lookup(u.client.secret);
    if (text === undefined || text === "") {
      const [how, name] = Object.entries(u.client.secret)[0] ?? ["", ""];
      const says = how === "env" ? `the environment variable ${name} is not set` : `the file ${name} cannot be read`;
      problems.push(document.problem(["upstreams", i, "client", "secret"], says, "put the client's secret there"));
    }
    return {
      ...u,
      id: u.id as UpstreamAlias,
      displayName: u.displayName ?? u.id,
      ...(scopes !== undefined && { scopes }),
      client: { id: u.client.id, secret: new Secret((text ?? "").replace(/\r?\n$/, "")) },
    };
  });
  return {
    file: document.file,
    realm: data.realm,
    keycloak: data.keycloak,
    settings: { ...data.settings, displayName: data.settings.displayName ?? data.realm },
    broker: data.broker,
    organizations: data.organizations.map((o) => ({ ...o, upstreams: o.upstreams.map((u) => u as UpstreamAlias) })),
    upstreams,
  };
}
