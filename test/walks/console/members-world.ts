import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type IdentityProviderAlias, memberUsername, subjectId, type TenantName } from "../../../src/core/index.ts";
import type { RealStack, StackSettings } from "../../support/real-stack.ts";
import { root } from "../../support/stage.ts";

// Customer C has no identity provider: its people are members of its organization in the broker's realm (decision 0075).

const alias = "customer-c-members" as IdentityProviderAlias;
const secret = "secret-of-the-members-account";

/** The manager of customer C, whom the operator made by hand: there was nobody to invite her. */
export const cora = { email: "cora@c.example", password: "the password of Cora" };

/** Realm files, Targets and settings in which customer C is besides the customers of the example. */
export async function withMembers(
  folder: string,
  smtpPort: number,
): Promise<{ readonly targets: string; readonly settings: StackSettings }> {
  const realms = join(folder, "realms");
  await mkdir(realms);
  const realm = await readFile(join(root, "realms/scs.yaml"), "utf8");
  const organization = `  - {id: customer-c, name: Customer C, domains: [c.example], members: ${alias}}\n`;
  const mail = `  smtp: {host: 127.0.0.1, port: ${smtpPort}, from: login@scs.example}\n`;
  await writeFile(
    join(realms, "scs.yaml"),
    realm.replace(/^broker:$/m, `${mail}broker:`).replace(/^upstreams:$/m, `${organization}upstreams:`),
  );
  const targets = await readFile(join(root, "policies/targets.yaml"), "utf8");
  const tenant = `  customer-c:
    displayName: Customer C
    emailDomains: [c.example]
    upstreams: [${alias}]
    domains: { gx1: customer-c, gx2: customer-c }
    projects: [dev]
    ceiling: { openstack: [manager, member, reader], console: [tenant-manager] }
`;
  return {
    targets: targets.replace(/^tenants:\n/m, `tenants:\n${tenant}`),
    settings: {
      realms,
      upstream: ", members: {clientSecret: {env: MEMBERS_SECRET}}",
      env: { MEMBERS_SECRET: secret },
    },
  };
}

/** Makes the broker's account for members and the first manager, as docs/how-to/a-new-customer.md says; answers her policy. */
export async function makeCora({ admin, keycloak }: Pick<RealStack, "admin" | "keycloak">): Promise<string> {
  const client = await admin.call("POST", "/scs/clients", {
    ...{ clientId: "cloudpass-members", secret, publicClient: false },
    ...{ serviceAccountsEnabled: true, standardFlowEnabled: false },
  });
  const account = await admin.get(`/scs/clients/${String(client)}/service-account-user`);
  const [management] = await admin.list("/scs/clients?clientId=realm-management");
  const at = `clients/${String(management?.["id"])}`;
  const few = (await admin.list(`/scs/${at}/roles`)).filter(({ name }) =>
    ["manage-organizations", "manage-users"].includes(String(name)),
  );
  await admin.call("POST", `/scs/users/${String(account["id"])}/role-mappings/${at}`, few);
  const id = String(
    await admin.call("POST", "/scs/users", {
      ...{ username: memberUsername(alias, cora.email), email: cora.email, emailVerified: true, enabled: true },
      ...{ firstName: "Cora", lastName: "Carstens", attributes: { "cloudpass.member": ["customer-c"] } },
      credentials: [{ type: "password", value: cora.password, temporary: false }],
    }),
  );
  const [organization] = await admin.list("/scs/organizations?search=Customer C&exact=true");
  await admin.call("POST", `/scs/organizations/${String(organization?.["id"])}/members`, id);
  return policyOf(id, subjectId(`${keycloak.url}/realms/scs`, id, "customer-c" as TenantName));
}

const policyOf = (subject: string, sub: string): string => `kind: Policy
tenant: customer-c
sets:
  manager:
    - openstack: { role: manager, on: domain }
    - console: { role: tenant-manager }
  developer:
    - openstack: { role: member, on: { project: dev } }
people:
  # ${sub}
  cora: { from: ${alias}, all: [{ sub: { equals: "${subject}" } }] }
grants:
  - { id: managers, give: manager, to: cora, at: [gx1, gx2] }
  - { id: managers-console, give: manager, to: cora, at: [console] }
`;
