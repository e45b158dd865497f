"""Verbs that write in the matrix. The database knows first; HTTP happens outside transactions."""

from cms.matrix.services.deliveries import *  # noqa: F403
