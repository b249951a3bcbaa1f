/** The dashboard that every Keystone here trusts with tokens (WebSSO); nothing is there. */
export const TRUSTED_DASHBOARD = "https://dashboard.example/auth/websso/";

/** What a running cloud has besides: web single sign-on, with the page that the release brings. */
export const webSso = (venv: string): string => `[federation]
trusted_dashboard = ${TRUSTED_DASHBOARD}
sso_callback_template = ${venv}/etc/keystone/sso_callback_template.html
`;

/** The text of a keystone.conf whose state lies in the folder. */
export function keystoneConfiguration(dir: string): string {
  return `[database]
connection = sqlite:///${dir}/keystone.db
[token]
provider = fernet
expiration = 3600
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
[auth]
methods = external,password,token,oauth1,mapped,application_credential,openid
`;
}
