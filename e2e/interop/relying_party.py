"""A relying party on Authlib, asked by authlib.ts: one JSON array in, `{"result": …}` or `{"message": …, "error": …}` out, per line."""

import json
import secrets
import sys
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import ClientSecretJWT, PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url
from joserfc import jwt
from joserfc.jwk import KeySet, import_key

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


class RelyingParty:
    def connect(self, client):
        self.issuer, self.metadata = client["issuer"], client["metadata"]
        self.client_id = client["client_id"]
        self.provider = OpenIDProviderMetadata(requests.get(get_well_known_url(self.issuer, external=True)).json())
        self.algorithm = self.metadata.get("id_token_signed_response_alg", "RS256")
        method = self.metadata["token_endpoint_auth_method"]
        secret = client.get("client_secret")
        if method == "private_key_jwt":
            secret = import_key(client["privateKey"]).as_pem(private=True)
        self.session = OAuth2Session(
            self.client_id,
            secret,
            token_endpoint_auth_method=method,
            revocation_endpoint_auth_method=method,
            redirect_uri=next(iter(self.metadata.get("redirect_uris", [])), None),
            code_challenge_method="S256",
        )
        endpoint = self.provider["token_endpoint"]
        if method == "client_secret_jwt":
            self.session.register_client_auth_method(ClientSecretJWT(endpoint))
        if method == "private_key_jwt":
            algorithm = self.metadata["token_endpoint_auth_signing_alg"]
            self.session.register_client_auth_method(PrivateKeyJWT(endpoint, alg=algorithm))

    def start(self, parameters):
        self.verifier, self.nonce = generate_token(48), secrets.token_urlsafe()
        url, self.state = self.session.create_authorization_url(
            self.provider["authorization_endpoint"],
            code_verifier=self.verifier,
            nonce=self.nonce,
            **parameters,
        )
        return url

    def finish(self, callback):
        parameters = {name: values[0] for name, values in parse_qs(urlsplit(callback).query).items()}
        if "error" in parameters:
            raise OAuthError(parameters["error"])
        token = self.session.fetch_token(
            self.provider["token_endpoint"],
            authorization_response=callback,
            state=self.state,
            code_verifier=self.verifier,
        )
        return self.tokens(token, code=parameters["code"], nonce=self.nonce)

    def refresh(self, tokens):
        token = self.session.refresh_token(self.provider["token_endpoint"], refresh_token=tokens["refresh"])
        return {**self.tokens(token), "claims": tokens.get("claims")}

    def client_credentials(self, scope):
        token = self.session.fetch_token(
            self.provider["token_endpoint"], grant_type="client_credentials", scope=scope
        )
        return self.tokens(token)

    def start_device(self, scope):
        method = self.metadata["token_endpoint_auth_method"]
        response = self.session.post(
            self.provider["device_authorization_endpoint"],
            data={"scope": scope},
            auth=self.session.client_auth(method),
            withhold_token=True,
        )
        response.raise_for_status()
        answer = response.json()
        return {
            "userCode": answer["user_code"],
            "verificationUri": answer["verification_uri"],
            "verificationUriComplete": answer.get("verification_uri_complete"),
            "deviceCode": answer["device_code"],
            "interval": answer.get("interval", 5),
        }

    def poll_device(self, device):
        token = self.session.fetch_token(
            self.provider["token_endpoint"], grant_type=DEVICE_CODE, device_code=device["deviceCode"]
        )
        return self.tokens(token)

    def userinfo(self, tokens):
        self.session.token = {"access_token": tokens["access"], "token_type": "Bearer"}
        answer = self.session.get(self.provider["userinfo_endpoint"])
        answer.raise_for_status()
        if "userinfo_signed_response_alg" not in self.metadata:
            return answer.json()
        if answer.headers["content-type"] != "application/jwt":
            raise ValueError(f"userinfo is {answer.headers['content-type']}")
        options = {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": self.client_id}}
        claims = self.verified(answer.text, self.metadata["userinfo_signed_response_alg"]).claims
        jwt.JWTClaimsRegistry(**options).validate(claims)
        return claims

    def introspect(self, token):
        answer = self.session.introspect_token(self.provider["introspection_endpoint"], token)
        answer.raise_for_status()
        return answer.json()

    def revoke(self, token):
        self.session.revoke_token(self.provider["revocation_endpoint"], token).raise_for_status()

    def logout(self, tokens, post_logout_redirect_uri, state):
        parameters = {
            "client_id": self.client_id,
            "id_token_hint": tokens["idToken"],
            "post_logout_redirect_uri": post_logout_redirect_uri,
            "state": state,
        }
        return f"{self.provider['end_session_endpoint']}?{urlencode(parameters)}"

    def tokens(self, token, code=None, nonce=None):
        id_token = token.get("id_token")
        return {
            "access": token["access_token"],
            "refresh": token.get("refresh_token"),
            "idToken": id_token,
            "claims": self.claims(id_token, token["access_token"], code, nonce) if id_token else None,
        }

    def claims(self, id_token, access_token, code, nonce):
        """OpenID Connect Core §3.1.3.7."""
        decoded = self.verified(id_token, self.algorithm)
        options = {
            "iss": {"essential": True, "value": self.issuer},
            "sub": {"essential": True},
            "aud": {"essential": True, "value": self.client_id},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "nonce": {"essential": nonce is not None},
        }
        parameters = {"client_id": self.client_id, "nonce": nonce, "access_token": access_token, "code": code}
        claims = CodeIDToken(decoded.claims, decoded.header, options, parameters)
        claims.validate(leeway=5)
        return dict(claims)

    def verified(self, token, algorithm):
        keys = KeySet.import_key_set(requests.get(self.provider["jwks_uri"]).json())
        return jwt.decode(token, keys, algorithms=[algorithm])


def main():
    party = RelyingParty()
    for line in sys.stdin:
        call, *parameters = json.loads(line)
        try:
            answer = {"result": getattr(party, call)(*parameters)}
        except Exception as error:  # whatever the library objects to
            answer = {"message": f"{type(error).__name__}: {error}", "error": getattr(error, "error", None)}
        print(json.dumps(answer), flush=True)


main()
