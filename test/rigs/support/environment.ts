// A developer's own settings must not reach a rig: KC_DB would change Keycloak's database, OS_CLOUD the openstack
// client's cloud; a proxy cannot reach loopback.
const FOREIGN = /^(KC_|KEYCLOAK_|OS_|KUBECONFIG$|JAVA_OPTS|JAVA_TOOL_OPTIONS$|NODE_OPTIONS$|(https?|all|no)_proxy$)/i;

/** This process' environment without what would change a server's behaviour, and with the additions. */
export function serverEnvironment(additions: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  return { ...Object.fromEntries(own), ...additions };
}
