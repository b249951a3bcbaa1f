/** What `rig --help` prints. */
export const HELP = `rig: the real servers that the tests and the demo need, on this machine, on loopback

  npm run rig -- <command> <rig> [options]

commands
  build    fetch and build into the cache; the first time this takes minutes (Kubernetes the longest)
  up       start a server that stays up until "down"; builds first if need be
  status   what runs: addresses, process ids, folder. Exit code 3 if something asked for is not up
  logs     the last lines of its logs (--lines, 40 if not given)
  down     stop it and wait until it is gone; its data stays for the next "up"

rigs
  keycloak     Keycloak 26.7.4 with its own database
  keystone     Keystone 30.0.0 behind Apache with mod_auth_openidc
  kubernetes   kube-apiserver 1.36.3, etcd, a small controller manager; brings kubectl and kubelogin
  redis        a Redis of its own, never the system's
  openstack    the openstack client (build only)
  clients      golang.org/x/oauth2, MSAL and Authlib (build only)
  all          every one of them

options
  --fresh                  with up: forget the data first; with build: build again from nothing
  --as NAME                another one of the same kind beside the first: up keystone --as cloud-b
  --port N                 where it listens; a free port if not given
  --jvm fast|throughput    keycloak: quick to start (default), or quick under load
  --trust FILE             keycloak: more authorities to trust, PEM; may be given several times
  --issuer URL             keystone: the issuer whose tokens it takes (default https://127.0.0.1:8443)
  --jwks-uri URL           keystone: where the issuer's keys are (default <issuer>/jwks)
  --audience NAME          keystone: the audience of its tokens (default: its name)
  --snippet FILE           keystone: Apache directives in place of the default ones
  --authentication FILE    kubernetes: an AuthenticationConfiguration in JSON
  --ca FOLDER              keystone, kubernetes, keycloak: the test CA (default: one kept with the rigs' state)
  --lines N                with logs

examples
  npm run rig -- build all
  npm run rig -- up keycloak
  npm run rig -- up keystone --as cloud-a --issuer https://127.0.0.1:8443
  npm run rig -- status all
  npm run rig -- down all

The cache is in $XDG_CACHE_HOME/cloudpass/rigs (~/.cache if not set), data and logs are in
$XDG_STATE_HOME/cloudpass/rigs (~/.local/state).
`;
