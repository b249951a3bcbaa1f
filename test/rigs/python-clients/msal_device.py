"""msal_device.py ISSUER CLIENT_ID SCOPE...: logs in with MSAL as released and prints what came of it as JSON."""

import json
import sys

import msal

issuer, client_id, *scopes = sys.argv[1:]
app = msal.PublicClientApplication(client_id, oidc_authority=issuer)
flow = app.initiate_device_flow(scopes=scopes)
print("open", flow["verification_uri_complete"], file=sys.stderr, flush=True)
login = app.acquire_token_by_device_flow(flow)
if "access_token" not in login:
    sys.exit(json.dumps(login))
renewed = app.acquire_token_silent(scopes, app.get_accounts()[0], force_refresh=True)
print(json.dumps({
    "access_token": login["access_token"],
    "claims": login["id_token_claims"],
    "refreshed": renewed["access_token"] != login["access_token"],
}))
