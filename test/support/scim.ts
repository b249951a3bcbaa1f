import { askConsole, consoleToken } from "./console-login.ts";

/** Lines of `broker.yaml` by which both customers' identity providers push their people. */
export const scimYaml = (required = true): string =>
  `scim:
  - { identityProvider: customer-a-idp, required: ${required} }
  - { identityProvider: customer-b-idp, match: { attribute: externalId, claim: sub } }
`;

/** A token by which customer A's identity provider pushes; Alice makes it. */
export async function scimToken(issuer: string, email = "alice@a.example", tenant = "customer-a"): Promise<string> {
  const token = await consoleToken(issuer, email);
  const made = await askConsole(issuer, token, `/tenants/${tenant}/scim-tokens`, { method: "POST", body: {} });
  if (made.status !== 201) throw new Error(`no token: ${made.status} ${JSON.stringify(made.body)}`);
  return String(made.body["secret"]);
}

/** What SCIM answered. */
export interface ScimAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Asks SCIM's endpoints. */
export async function askScim(
  issuer: string,
  token: string | undefined,
  path: string,
  {
    method = "GET",
    body,
    headers,
  }: { readonly method?: string; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<ScimAnswer> {
  const response = await fetch(`${issuer}/scim/v2${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/scim+json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    headers: response.headers,
    body: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>,
  };
}

export const userUrn = "urn:ietf:params:scim:schemas:core:2.0:User";
export const groupUrn = "urn:ietf:params:scim:schemas:core:2.0:Group";

/** A user as a directory pushes one. */
export const user = (userName: string, more: object = {}) => ({ schemas: [userUrn], userName, ...more });

/** A PATCH of some operations. */
export const patch = (...operations: readonly object[]) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: operations,
});
