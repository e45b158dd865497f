"""Production: the hardened base as it is, plus what only a public site can know about itself."""

from cms.settings.base import *
