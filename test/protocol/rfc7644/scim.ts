import { boot } from "../../support/boot.ts";
import { askScim, type ScimAnswer, scimToken, scimYaml } from "../../support/scim.ts";
import { shared } from "../../support/shared.ts";

/** What a directory sends besides method and path. */
type Sent = Parameters<typeof askScim>[3];

/** A broker, and customer A's directory that pushes to it. */
export function sharedScim() {
  const broker = shared(async () => {
    const booted = await boot({ yaml: scimYaml(false) });
    return { ...booted, scim: await scimToken(booted.issuer) };
  });
  const ask = (path: string, sent?: Sent): Promise<ScimAnswer> => askScim(broker.issuer, broker.scim, path, sent);
  const send =
    (method: string) =>
    (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<ScimAnswer> =>
      ask(path, { method, body, headers });
  const find = async (kind: string, filter: string): Promise<ScimAnswer> =>
    ask(`/${kind}?filter=${encodeURIComponent(filter)}`);
  return {
    broker,
    ask,
    post: send("POST"),
    put: send("PUT"),
    patch: send("PATCH"),
    remove: (path: string, headers: Readonly<Record<string, string>> = {}) => ask(path, { method: "DELETE", headers }),
    find,
    /** What a filter finds, by one attribute. */
    found: async (kind: string, filter: string, by: string): Promise<unknown[]> => {
      const { body } = await find(kind, filter);
      return ((body["Resources"] ?? [body["detail"]]) as Record<string, unknown>[]).map((one) => one[by] ?? one);
    },
  };
}

/** `status scimType`, or the status alone. */
export const said = ({ status, body }: ScimAnswer): string =>
  [status, body["scimType"]].filter((part) => part !== undefined).join(" ");
