/** Whom the front believes. */
export interface Trust {
  readonly issuer: string;
  /** https: the module refuses plain http here. */
  readonly jwksUri: string;
  readonly audience: string;
  /** Directives for the inside of the VirtualHost in place of the default ones. */
  readonly apacheSnippet?: string;
}

/** The place of a front. */
export interface FrontPlace {
  readonly dir: string;
  readonly port: number;
  readonly uwsgiPort: number;
  /** The authority of the issuer's certificate; readable for the front's user. Without it no certificate is checked. */
  readonly caFile: string | undefined;
  /** Started by root, Apache must be told as whom to serve. */
  readonly asRoot: boolean;
}

const MODULES = [
  "mpm_event authn_core authz_core authz_user authz_host headers env setenvif rewrite alias",
  "proxy proxy_uwsgi auth_openidc",
]
  .join(" ")
  .split(" ");

/** The text of Apache's configuration: the front of one Keystone. */
export function frontConfiguration(place: FrontPlace, trust: Trust): string {
  const modules = MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`);
  return `ServerRoot "${place.dir}"
PidFile apache.pid
DefaultRuntimeDir .
# Semaphores and not files: the serving user may not enter this folder.
Mutex posixsem
ServerName 127.0.0.1
${place.asRoot ? "User www-data\nGroup www-data" : ""}
${modules.join("\n")}
ErrorLog error.log
LogLevel warn
LogFormat "%h %t \\"%r\\" %>s %b %D" brief
CustomLog access.log brief
StartServers 1
ServerLimit 4
ThreadsPerChild 16
MinSpareThreads 8
MaxSpareThreads 48
MaxRequestWorkers 64
ThreadLimit 32
Listen 127.0.0.1:${place.port}
<VirtualHost 127.0.0.1:${place.port}>
ProxyPass "/v3" "uwsgi://127.0.0.1:${place.uwsgiPort}/v3"
${place.caFile === undefined ? "OIDCOAuthSSLValidateServer Off" : `OIDCCABundlePath "${place.caFile}"`}
${(trust.apacheSnippet ?? defaultSnippet(trust)).replaceAll("/etc/apache2/cloudpass-ca.pem", place.caFile ?? "")}
</VirtualHost>
`;
}

function defaultSnippet(trust: Trust): string {
  return `OIDCClaimPrefix "OIDC-"
# Keystone splits lists at this and at nothing else.
OIDCClaimDelimiter ";"
OIDCOAuthVerifyJwksUri ${trust.jwksUri}
OIDCOAuthRemoteUserClaim sub
<LocationMatch "^/v3/OS-FEDERATION/identity_providers/[^/]+/protocols/openid/auth$">
  AuthType oauth20
  # The module itself checks neither issuer nor audience, and bare Require lines would be or-ed.
  <RequireAll>
    Require claim iss:${trust.issuer}
    Require claim aud:${trust.audience}
    Require claim token_use:access
  </RequireAll>
</LocationMatch>`;
}
