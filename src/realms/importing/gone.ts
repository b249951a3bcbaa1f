import { formatKey, identityOf, type Observed } from "../../reconcile/index.ts";
import { pointerTo } from "../format/pointer.ts";
import type { KindName } from "../identity.ts";
import { clientKind } from "../kinds/client.ts";
import { clientScopeKind } from "../kinds/client-scope.ts";
import { componentKind } from "../kinds/component.ts";
import { builtinFlowKind } from "../kinds/flow.ts";
import { kindNamed } from "../kinds/index.ts";
import { type Kind, type Seen, worldOf } from "../kinds/kind.ts";
import { clientMapperKind, clientScopeMapperKind } from "../kinds/mapper.ts";
import { profileBuiltinKind } from "../kinds/profile.ts";
import { clientRoleKind, realmRoleKind } from "../kinds/role.ts";
import { requiredActionKind } from "../kinds/texts.ts";
import type { ImportSource } from "./source.ts";

/**
 * `absent` of the file: what every new realm has, or what comes with an object of this one, and is not there. What
 * Keycloak lets nobody delete is noted: a realm that is made from the file would have it.
 */
export function goneFrom(source: ImportSource, observed: readonly Observed[]): readonly string[] {
  const pointers = new Set<string>();
  const clients = new Set<string>(source.missing(clientKind).map(({ key }) => key));
  const scopes = new Set<string>(source.missing(clientScopeKind).map(({ key }) => key));
  const note = <N extends KindName>(kind: Kind<N>, what: string, goesWith: ReadonlySet<string> = new Set()) => {
    for (const { key } of source.missing(kind)) {
      // What belonged to something that is gone went with it.
      if (Array.isArray(key) && key.some((part) => typeof part === "string" && goesWith.has(part))) continue;
      const pointer = pointerTo({ kind: kind.rule.kind, key });
      if (pointer !== undefined) pointers.add(pointer);
      else source.leave(`that there is no ${what} "${formatKey(key)}", which every new realm has`);
    }
  };
  note(clientKind, "client");
  note(clientMapperKind, "mapper of a client", clients);
  note(clientRoleKind, "role of a client", clients);
  note(clientScopeKind, "client scope");
  note(clientScopeMapperKind, "mapper of a client scope", scopes);
  note(realmRoleKind, "role");
  note(builtinFlowKind, "flow");
  note(requiredActionKind, "required action");
  note(profileBuiltinKind, "attribute of a person");
  note(componentKind, "component");
  const there = new Set(observed.map(identityOf));
  const world = worldOf(observed, []);
  const brought = observed.flatMap((o) => kindNamed(o.kind)?.brings?.(o as Seen, world) ?? []);
  for (const it of brought) if (it.goes !== true && !there.has(identityOf(it))) pointers.add(pointerTo(it) ?? "");
  pointers.delete("");
  return [...pointers].sort();
}
