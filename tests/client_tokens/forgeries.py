"""Tokens that prove nothing, by name: forged, stale, misaddressed, malformed."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.client_tokens.hospital import ADDRESS_ISSUER, FILE_ISSUER
from tests.client_tokens.tokens import PUBLIC_URL, SERVICE, Signer, claims, encoded, part, signed

EVIL = "http://127.0.0.1:9/jwks.json"
HOUR, DAY = 3600, 86_400


@dataclass(frozen=True)
class Keys:
    """The keys of EHR a (in a file), EHR b (at an address) and of a stranger with a's kid."""

    a: Signer
    b: Signer
    stranger: Signer

    def good(self, **changed: object) -> dict[str, object]:
        """Give the claims of a good token of EHR a, some of them changed."""
        changed = {"tenant": "north"} | changed
        return claims(FILE_ISSUER, **changed)  # type: ignore[arg-type]  # path is not among them


Forgery = Callable[[Keys], str]


def claim(**changed: object) -> Forgery:
    """Sign well, with other claims; None leaves one out."""
    return lambda keys: keys.a.sign(keys.good(**changed))


def header(**changed: object) -> Forgery:
    """Sign well, with another header; None leaves a member out."""
    return lambda keys: keys.a.sign(keys.good(), **changed)


def seconds(claim_name: str, *, from_now: float, **others: float) -> Forgery:
    """Sign well, with times relative to now."""

    def forge(keys: Keys) -> str:
        now = time.time()
        times = {claim_name: from_now, **others}
        return keys.a.sign(keys.good(**{name: now + at for name, at in times.items()}))

    return forge


def none(spelling: str) -> Forgery:
    def forge(keys: Keys) -> str:
        head = {"alg": spelling, "typ": "JWT", "kid": "a-1"}
        return f"{part(head)}.{part(keys.good())}."

    return forge


def symmetric(secret: Callable[[Signer], bytes], algorithm: str = "HS256") -> Forgery:
    def forge(keys: Keys) -> str:
        head = {"alg": algorithm, "typ": "JWT", "kid": "a-1"}
        signing = f"{part(head)}.{part(keys.good())}"
        digest = hashlib.sha384 if algorithm == "HS384" else hashlib.sha256
        return signing + "." + encoded(hmac.new(secret(keys.a), signing.encode(), digest).digest())

    return forge


def pem(signer: Signer) -> bytes:
    return signer.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def jwk(signer: Signer) -> bytes:
    return json.dumps(signer.public_jwk()).encode()


def by_stranger(**changed: object) -> Forgery:
    return lambda keys: keys.stranger.sign(keys.good(), **changed)


def own_key(keys: Keys) -> str:
    return keys.stranger.sign(keys.good(), jwk=keys.stranger.public_jwk())


def parts_of(keys: Keys) -> list[str]:
    return keys.a.sign(keys.good()).split(".")


def tampered(keys: Keys) -> str:
    head, _, signature = parts_of(keys)
    return f"{head}.{part(keys.good(tenant='north', sub='administrator'))}.{signature}"


def stripped(keys: Keys) -> str:
    return ".".join(parts_of(keys)[:2])


def emptied(keys: Keys) -> str:
    return ".".join(parts_of(keys)[:2]) + "."


def zeroed(keys: Keys) -> str:
    return ".".join(parts_of(keys)[:2]) + "." + encoded(b"\0" * 96)


def in_der(keys: Keys) -> str:
    signature = bytes.fromhex("3006020101020101")
    return ".".join(parts_of(keys)[:2]) + "." + encoded(signature)


def five_parts(keys: Keys) -> str:
    return keys.a.sign(keys.good()) + ".x.y"


def payload(content: object) -> Forgery:
    return lambda keys: keys.a.sign(content)


def duplicate_claim(keys: Keys) -> str:
    text = json.dumps(keys.good())
    return keys.a.sign(text[:-1].encode() + b', "iss": "https://a.example"}')


def duplicate_header(keys: Keys) -> str:
    head = b'{"alg": "ES384", "kid": "a-1", "typ": "JWT", "alg": "ES384"}'
    return signed(keys.a, head, keys.good())


def nested(keys: Keys) -> str:
    return keys.a.sign(b'{"x": ' + b"[" * 1500 + b"]" * 1500 + b"}")


def not_a_number(keys: Keys) -> str:
    text = json.dumps(keys.good(exp=7)).replace('"exp": 7', '"exp": NaN')
    return keys.a.sign(text.encode())


def infinite(keys: Keys) -> str:
    text = json.dumps(keys.good(exp=7)).replace('"exp": 7', '"exp": 1e999')
    return keys.a.sign(text.encode())


def huge_number(keys: Keys) -> str:
    text = json.dumps(keys.good(exp=7)).replace('"exp": 7', '"exp": ' + "9" * 3000)
    return keys.a.sign(text.encode())


def other_spelling(keys: Keys) -> str:
    """Change bits of the last letter that carry nothing: the same bytes in another spelling."""
    head = json.dumps({"alg": "ES384", "kid": "a-1", "typ": "JWT"}).encode()
    head += b" " * ((1 - len(head)) % 3)  # one byte beyond whole groups leaves four bits over
    spelled = encoded(head)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = spelled[:-1] + letters[letters.index(spelled[-1]) + 1]
    assert base64.urlsafe_b64decode(other + "==") == head
    parts = f"{other}.{part(keys.good())}"
    algorithm = jwt.get_algorithm_by_name("ES384")
    return f"{parts}.{encoded(algorithm.sign(parts.encode(), keys.a.key))}"


def of_other_ehr(keys: Keys) -> str:
    return keys.b.sign(keys.good())


def other_algorithm_of_the_key(keys: Keys) -> str:
    rs256 = Signer(keys.b.key, "RS256", "b-1")
    return rs256.sign(claims(ADDRESS_ISSUER))


def unknown_kid_at_address(keys: Keys) -> str:
    return keys.b.sign(claims(ADDRESS_ISSUER), kid="b-unknown")


def foreign_jku(keys: Keys) -> str:
    return keys.b.sign(claims(ADDRESS_ISSUER), jku=EVIL)


FORGERIES: dict[str, Forgery] = {
    **{f"alg {spelling}": none(spelling) for spelling in ("none", "None", "NONE", "nOnE")},
    "HS256 with the public PEM": symmetric(pem),
    "HS256 with the public JWK": symmetric(jwk),
    "HS384 with the public PEM": symmetric(pem, "HS384"),
    "HS256 with an empty secret": symmetric(lambda _: b""),
    "HS256 with a guessable secret": symmetric(lambda _: b"secret"),
    "key of a stranger": by_stranger(),
    "key of the other EHR": of_other_ehr,
    "signature stripped": stripped,
    "signature empty": emptied,
    "signature of zeros": zeroed,
    "signature as DER": in_der,
    "payload tampered with": tampered,
    "algorithm that the site does not take": other_algorithm_of_the_key,
    "alg of another family": header(alg="RS384"),
    "alg missing": header(alg=None),
    "alg not a text": header(alg=["ES384"]),
    "kid unknown": header(kid="a-2"),
    "kid unknown at an address": unknown_kid_at_address,
    "kid missing": header(kid=None),
    "kid empty": header(kid=""),
    "kid a path": header(kid="../../etc/passwd"),
    "kid SQL": header(kid="a-1' OR '1'='1"),
    "kid an address": header(kid=EVIL),
    "kid a number": header(kid=1),
    "kid of 20 kB": header(kid="k" * 20_000),
    "jku of a stranger": by_stranger(jku=EVIL),
    "jku beside the registered address": foreign_jku,
    "x5u of a stranger": by_stranger(x5u=EVIL),
    "x5u though signed well": header(x5u=EVIL),
    "own key in the header": own_key,
    "crit unknown": header(crit=["x"], x=1),
    "b64 false": header(b64=False, crit=["b64"]),
    "typ of another token": header(typ="at+jwt"),
    "payload a list": payload([1]),
    "payload a text": payload("iss"),
    "payload not JSON": payload(b"iss=a"),
    "payload not UTF-8": payload(b'{"iss": "\xff"}'),
    "payload nested deeply": nested,
    "claim there twice": duplicate_claim,
    "header member there twice": duplicate_header,
    "header in another spelling": other_spelling,
    "five parts": five_parts,
    "token of 1 MB": claim(padding="x" * 1_000_000),
    "exp missing": claim(exp=None),
    "exp past": seconds("exp", from_now=-31, iat=-300),
    "exp in ten years": seconds("exp", from_now=3650 * DAY),
    "exp an hour and a second after iat": seconds("exp", from_now=HOUR - 99, iat=-100),
    "exp before iat": seconds("exp", from_now=-10, iat=0),
    "exp a text": claim(exp="4102444800"),
    "exp true": claim(exp=True),
    "exp NaN": not_a_number,
    "exp infinite": infinite,
    "exp of 3,000 digits": huge_number,
    "iat missing": claim(iat=None),
    "iat in the future": seconds("iat", from_now=40, exp=340),
    "nbf in the future": seconds("nbf", from_now=40),
    "nbf a text": claim(nbf="0"),
    "jti missing": claim(jti=None),
    "jti empty": claim(jti=""),
    "jti a number": claim(jti=7),
    "jti with a null": claim(jti="a\0b"),
    "jti half of a pair": claim(jti="\ud800"),
    "jti of 300 letters": claim(jti="j" * 300),
    "iss missing": claim(iss=None),
    "iss unknown": claim(iss="https://c.example"),
    "iss a part": claim(iss="https://a.exampl"),
    "iss with a suffix": claim(iss="https://a.example.evil.test"),
    "iss with a slash": claim(iss="https://a.example/"),
    "iss in capitals": claim(iss="https://A.example"),
    "iss a list": claim(iss=["https://a.example"]),
    "tenant missing": claim(tenant=None),
    "tenant of another": claim(tenant="south"),
    "aud missing": claim(aud=None),
    "aud of discovery": claim(aud=f"{PUBLIC_URL}/cds-services"),
    "aud of feedback": claim(aud=f"{PUBLIC_URL}{SERVICE}/feedback"),
    "aud the base": claim(aud=PUBLIC_URL),
    "aud a prefix": claim(aud=f"{PUBLIC_URL}{SERVICE}"[:-1]),
    "aud with a slash": claim(aud=f"{PUBLIC_URL}{SERVICE}/"),
    "aud by http": claim(aud=f"http://cds.hospital.example{SERVICE}"),
    "aud another host": claim(aud=f"https://localhost{SERVICE}"),
    "aud a list without us": claim(aud=["https://other.example"]),
    "aud an empty list": claim(aud=[]),
    "aud an object": claim(aud={"url": PUBLIC_URL}),
}


def answer_of(response: Any) -> tuple[int, bytes, list[tuple[str, str]]]:  # noqa: ANN401 (two kinds of test answers)
    """Give all that a caller sees, but for the id of the request."""
    headers = sorted((k, v) for k, v in response.headers.items() if k != "X-Request-Id")
    return response.status_code, response.data, headers
