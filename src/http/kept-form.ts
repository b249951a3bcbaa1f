import { type Random, type Seal, seconds, token } from "../core/index.ts";
import { type Budget, defineKind, type Store } from "../store/index.ts";
import type { FormOwner } from "./form-tokens.ts";

type Fields = ReadonlyMap<string, string>;

/** A form as it was sent. */
export interface SentForm {
  /** The form's name, and the things that it is about: what its token is for. */
  readonly hop: string;
  readonly handle: string;
  /** Where it was sent to, with the parts of that path. */
  readonly path: string;
  readonly params: Fields;
  readonly fields: Fields;
}

/** Sealed, since people write names and reasons into forms. */
interface KeptForm extends FormOwner {
  readonly sealed: string;
}

const keptFormKind = defineKind<KeptForm>()("kept-form", ["session", "person", "sealed"]);

/** Time for signing in again. */
const keptFor = seconds(15 * 60);
/** A browser that goes on sending forms of a session that is over fills no store (S-56). */
const perSession: Budget = { name: "kept-forms", limit: 20, window: keptFor };

type Deps = { readonly store: Store; readonly seal: Seal; readonly random: Random };

/** Keeps a form; answers its reference, or nothing when too many are kept for its session. */
export async function keepForm(
  { store, seal, random }: Deps,
  owner: FormOwner,
  { hop, handle, path, params, fields }: SentForm,
): Promise<string | undefined> {
  const reference = token(random);
  const sealed = seal.encrypt(
    "kept form",
    JSON.stringify({ hop, handle, path, params: [...params], fields: [...fields] }),
  );
  const id = seal.hash("kept form", reference);
  const costs = [{ budget: perSession, key: owner.session }];
  const kept = await store.put(keptFormKind, id, { ...owner, sealed }, { ttl: keptFor }, costs);
  return kept === "created" ? reference : undefined;
}

/** The form of a reference, if it is of that owner. It stays: whoever looks twice sees it twice. */
export async function keptForm(
  { store, seal }: Deps,
  reference: string,
  isOwner: (owner: FormOwner) => boolean,
): Promise<SentForm | undefined> {
  const kept = await store.get(keptFormKind, seal.hash("kept form", reference));
  const text = kept && isOwner(kept) ? seal.decrypt("kept form", kept.sealed) : undefined;
  if (text === undefined) return undefined;
  const { params, fields, ...form } = JSON.parse(text) as Omit<SentForm, "params" | "fields"> & {
    readonly params: [string, string][];
    readonly fields: [string, string][];
  };
  return { ...form, params: new Map(params), fields: new Map(fields) };
}
