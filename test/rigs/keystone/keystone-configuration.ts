/** The dashboard that every Keystone here trusts with tokens (WebSSO); nothing is there. */
export const TRUSTED_DASHBOARD = "https://dashboard.example/auth/websso/";

/** What a running cloud has besides: web single sign-on, with the page that the release brings. */
export const webSso = (venv: string): string => `[federation]
trusted_dashboard = ${TRUSTED_DASHBOARD}
sso_callback_template = ${venv}/etc/keystone/sso_callback_template.html
`;

/** How long a Keystone honours what it knows, in seconds. */
export interface KeystoneTimes {
  readonly token: number;
  /** What it has computed, roles too, counts for so long: also roles of a membership that ends meanwhile. Default 600. */
  readonly cache?: number;
}

/** The text of a keystone.conf whose state lies in the folder; the times as their defaults are. */
export function keystoneConfiguration(dir: string, { token, cache }: KeystoneTimes = { token: 3600 }): string {
  return `[database]
connection = sqlite:///${dir}/keystone.db
[token]
provider = fernet
expiration = ${token}
[fernet_tokens]
key_repository = ${dir}/fernet
max_active_keys = 3
[fernet_receipts]
# Else it looks in /etc, which belongs to a Keystone of the system.
key_repository = ${dir}/fernet
[credential]
key_repository = ${dir}/credential
[identity]
# The hashing shall cost a test next to nothing; the default takes 0.3 s for each password login.
password_hash_rounds = 4
[cache]
enabled = true
backend = dogpile.cache.memory
${cache === undefined ? "" : `expiration_time = ${cache}\n`}[auth]
methods = external,password,token,oauth1,mapped,application_credential,openid
`;
}
