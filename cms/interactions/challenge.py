"""A sum for machines to do, asked only while somebody floods: the phone works it out by itself, in
the time one takes to type. Nobody looks at pictures or drags anything.

Made and checked by the library `altcha` (proof of work over SHA-256, signed by us); each solution
counts once.
"""

import base64
import json
import time
from datetime import timedelta

from altcha import create_challenge_v1, verify_solution_v1
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cms.interactions.models import DeskSettings

#: Most hashes a phone works out: about a second on a cheap one.
HARDNESS = 50_000
MINUTES = 10
PAYLOAD_LENGTH = 1000
#: So many refusals of the kind machines earn, in a minute, are an attack; it is over after CALM.
ATTACK = 30
CALM = 600
_UNDER_ATTACK = "challenge:attack"


def note_abuse() -> None:
    """Something was refused that people hardly ever do: a trap filled in, far too fast."""
    counter = f"challenge:abuse:{int(time.time() // 60)}"
    cache.add(counter, 0, 120)
    try:
        number = cache.incr(counter)
    except ValueError:  # The entry went between the two calls.
        return
    if number >= ATTACK:
        cache.set(_UNDER_ATTACK, True, CALM)


def is_asked() -> bool:
    """Whether a comment needs a solution now."""
    wanted = DeskSettings.current().challenge
    if wanted == DeskSettings.Challenge.AUTO:
        return bool(cache.get(_UNDER_ATTACK))
    return wanted == DeskSettings.Challenge.ON


def make() -> dict:
    """What the browser is to solve, as the library names it: algorithm, challenge, maxNumber, salt,
    signature."""
    return create_challenge_v1(
        hmac_key=_key(),
        max_number=HARDNESS,
        expires=timezone.now() + timedelta(minutes=MINUTES),
    ).to_dict()


def is_solved(payload: str) -> bool:
    """Whether `payload` (base64 of JSON, from a browser) solves one of ours, for the first time."""
    if not payload or len(payload) > PAYLOAD_LENGTH:
        return False
    try:
        answer = json.loads(base64.b64decode(payload))
        solved, _why = verify_solution_v1(answer, _key())
    except Exception:
        # Whatever a stranger puts into it is no solution.
        return False
    # By the challenge, not by the payload, which can be written in many ways.
    return solved and cache.add(f"challenge:spent:{answer['challenge']}", 1, 60 * MINUTES)


def _key() -> str:
    salt = "interactions.challenge"
    return salted_hmac(salt, settings.SECRET_KEY, algorithm="sha256").hexdigest()
