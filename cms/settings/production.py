"""Production: the hardened base as it is, plus what only a public site can know about itself."""

from cms.settings.base import *

# Behind nginx all requests come from one address; nginx writes the caller's own one here.
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP"
