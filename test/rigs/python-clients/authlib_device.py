"""authlib_device.py ISSUER CLIENT_ID SCOPE: logs in with Authlib on requests and prints what came of it as JSON."""

import json
import sys
import time

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

issuer, client_id, scope = sys.argv[1:]
metadata = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).json()
started = requests.post(
    metadata["device_authorization_endpoint"], {"client_id": client_id, "scope": scope}, timeout=10
).json()
print("open", started["verification_uri_complete"], file=sys.stderr, flush=True)
session = OAuth2Session(
    client_id, token_endpoint_auth_method="none", token_endpoint=metadata["token_endpoint"], scope=scope
)
while True:
    try:
        token = session.fetch_token(
            metadata["token_endpoint"],
            grant_type="urn:ietf:params:oauth:grant-type:device_code",
            device_code=started["device_code"],
        )
        break
    except OAuthError as error:
        if error.error != "authorization_pending":
            raise
        time.sleep(started["interval"])
keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"], timeout=10).json())
claims = jwt.decode(token["id_token"], keys, algorithms=["ES256"]).claims
jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": issuer}, aud={"essential": True, "value": client_id}, exp={"essential": True}
).validate(claims)
first = token["access_token"]
renewed = session.refresh_token(metadata["token_endpoint"])
print(json.dumps({
    "access_token": first,
    "claims": claims,
    "refreshed": renewed["access_token"] != first,
}))
