import { askConsole } from "./console-login.ts";
import { breaks } from "./json-schema.ts";

interface Described {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: Schema }>> }>>;
}
type Schema = Parameters<typeof breaks>[0];

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** An answer of the API, and to what it was given. */
interface Answered {
  readonly method: string;
  /** Without `/api/v1`. */
  readonly path: string;
  readonly status: number;
  readonly type: string | null;
  readonly body: unknown;
}

/** Reads the API's own document, and says where an answer is not as it describes. */
export async function readDocument(issuer: string) {
  const { body } = await askConsole(issuer, undefined, "/openapi.json");
  const { paths, components } = body as unknown as Document;
  const described = ({ method, path }: Answered) => {
    const parts = `/api/v1${path.replace(/\?.*/s, "")}`.split("/");
    const found = Object.keys(paths).find((template) => {
      const names = template.split("/");
      return names.length === parts.length && names.every((name, i) => name.startsWith("{") || name === parts[i]);
    });
    return found === undefined ? undefined : paths[found]?.[method.toLowerCase()];
  };
  return (answered: Answered): string[] => {
    const { status, type } = answered;
    const content = described(answered)?.responses[status]?.content;
    const schema = content?.[(type ?? "").replace(/;.*/, "")]?.schema;
    if (schema === undefined) return [`${answered.method} ${answered.path} is not said to answer ${status} ${type}`];
    const name = schema.$ref?.replace("#/components/schemas/", "");
    return breaks(name === undefined ? schema : (components.schemas[name] ?? {}), answered.body);
  };
}
