import { type Fields, type Hand, named } from "../hand.ts";
import { newApi } from "../traits/clients.ts";
import { addStep, newFlow } from "../traits/flows.ts";
import { newProvider } from "../traits/identity-providers.ts";

/** An attempt to say what is named as Keycloak's own: writes a field, and answers what Keycloak tells of it then. */
interface Attempt {
  /** A value for each field, other than the one that it has. */
  readonly values: Fields;
  /** Writes this and reads it back; `nth` is another number each time. Throws where Keycloak refuses it. */
  readonly write: (at: Hand, said: Fields, nth: number) => Promise<Fields>;
}

const mapper = { name: "m", protocol: "openid-connect", protocolMapper: "oidc-full-name-mapper", config: {} };
const settings = (client: string) => `/clients/${client}/authz/resource-server`;

/** By the beginning of a field's name, or by kind where it has none: see `named.ts`. */
export const attempts: Readonly<Record<string, Attempt>> = {
  realm: {
    values: {
      ...{ keycloakVersion: "1.0", otpSupportedApplications: ["mine"], adminPermissionsClient: { clientId: "mine" } },
      ...{ privateKey: "x", publicKey: "x", certificate: "x", codeSecret: "x", defaultRoles: ["offline_access"] },
      ...{ passwordCredentialGrantAllowed: true, userCacheEnabled: false, realmCacheEnabled: false, social: true },
      ...{ userFederationProviders: [{ displayName: "x" }], userFederationMappers: [{ name: "x" }] },
      ...{ protocolMappers: [mapper], updateProfileOnInitialSocialLogin: true, socialProviders: { x: "y" } },
      ...{ applicationScopeMappings: { x: [{ client: "account" }] }, applications: [{ name: "x" }] },
      ...{ oauthClients: [{ name: "x" }], clientTemplates: [{ name: "x" }] },
      ...{ scimApiEnabled: true, verifiableCredentialsEnabled: true },
    },
    write: async (at, said) => {
      await at.change("", said);
      return { ...((await at.ask("POST", "/partial-export")) as Fields), ...(await at.get("")) };
    },
  },
  client: {
    values: {
      ...{
        access: { view: false },
        origin: "x",
        registrationAccessToken: "x",
        defaultRoles: ["x"],
        directGrantsOnly: true,
      },
      ...{ clientTemplate: "profile", useTemplateConfig: true, useTemplateScope: true, useTemplateMappers: true },
    },
    write: async (at, said, nth) => at.get(`/clients/${await at.post("/clients", { clientId: `c${nth}`, ...said })}`),
  },
  "protocol mapper": {
    values: { consentRequired: true, consentText: "x" },
    write: async (at, said, nth) => {
      const client = await at.post("/clients", { clientId: `m${nth}` });
      await at.post(`/clients/${client}/protocol-mappers/models`, { ...mapper, ...said });
      return named(await at.list(`/clients/${client}/protocol-mappers/models`), "name", "m");
    },
  },
  role: {
    values: { composite: true, clientRole: true, scopeParamRequired: true },
    write: async (at, said, nth) => {
      await at.post("/roles", { name: `r${nth}`, ...said });
      return at.get(`/roles/r${nth}`);
    },
  },
  group: {
    values: { path: "/x", subGroupCount: 7, access: { view: false } },
    write: async (at, said, nth) => at.get(`/groups/${await at.post("/groups", { name: `g${nth}`, ...said })}`),
  },
  "identity provider": {
    values: { types: ["CLIENT_ASSERTION"], updateProfileFirstLoginMode: "on" },
    write: async (at, said, nth) => {
      await newProvider(at, `p${nth}`, said);
      return at.get(`/identity-provider/instances/p${nth}`);
    },
  },
  "step of a flow": {
    values: { userSetupAllowed: true },
    write: async (at, said, nth) => {
      await newFlow(at, `f${nth}`);
      const step = await addStep(at, `f${nth}`, "auth-cookie");
      const path = `/authentication/flows/f${nth}/executions`;
      await at.put(path, { ...named(await at.list(path), "id", step), ...said });
      const { authenticationFlows } = (await at.ask("POST", "/partial-export")) as { authenticationFlows: Fields[] };
      const [exported] = named(authenticationFlows, "alias", `f${nth}`)["authenticationExecutions"] as Fields[];
      return exported ?? {};
    },
  },
  ResourceServer: {
    values: { authorizationSchema: { resourceTypes: { X: { type: "X", scopes: ["a"] } } } },
    write: async (at, said, nth) => {
      const server = settings(await newApi(at, `s${nth}`));
      await at.change(server, said);
      return { ...(await at.get(`${server}/settings`)), ...(await at.get(server)) };
    },
  },
  Scope: {
    values: { policies: [{ name: "x" }], resources: [{ name: "x" }] },
    write: async (at, said, nth) => {
      const server = settings(await newApi(at, `a${nth}`));
      return at.get(`${server}/scope/${await at.post(`${server}/scope`, { name: "x", ...said })}`);
    },
  },
  Policy: {
    values: { resourcesData: [{ name: "x" }], scopesData: [{ name: "x" }] },
    write: async (at, said, nth) => {
      const server = settings(await newApi(at, `y${nth}`));
      const policy = { type: "time", name: "p", hour: 8, hourEnd: 18, ...said };
      await at.post(`${server}/policy/time`, policy);
      return named((await at.get(`${server}/settings`))["policies"] as Fields[], "name", "p");
    },
  },
  ClientPolicies: {
    values: { globalPolicies: [{ name: "x", conditions: [], profiles: [] }] },
    write: async (at, said) => {
      await at.put("/client-policies/policies", { policies: [], ...said });
      return at.get("/client-policies/policies?include-global-policies=true");
    },
  },
  ClientProfiles: {
    values: { globalProfiles: [{ name: "x", executors: [] }] },
    write: async (at, said) => {
      await at.put("/client-policies/profiles", { profiles: [], ...said });
      return at.get("/client-policies/profiles?include-global-profiles=true");
    },
  },
};

/** A field that Keycloak does not take, it does not keep. */
function refused(thrown: unknown): Fields {
  if (String(thrown).includes("HTTP 400")) return {};
  throw thrown;
}

/** Whose fields they are, and which, that Keycloak keeps after all. Leaves what it made in the realm. */
export async function keptAfterAll(at: Hand): Promise<string[]> {
  const kept: string[] = [];
  let nth = 0;
  for (const [whose, { values, write }] of Object.entries(attempts)) {
    for (const [field, value] of Object.entries(values)) {
      const told = await write(at, { [field]: value }, nth++).catch(refused);
      if (JSON.stringify(told[field]) === JSON.stringify(value)) kept.push(`${whose} ${field}`);
    }
  }
  return kept;
}
