"""The cache of an installation without Redis: Django's files, tidied now and then."""

import random

from django.core.cache.backends.filebased import FileBasedCache

#: Django lists the whole folder at every write to see whether it is full. That costs more than
#: the write itself, and grows with the cache; one write in so many is enough to keep its bounds.
TIDY_EVERY = 100


class FileCache(FileBasedCache):
    def _cull(self):
        if random.randrange(TIDY_EVERY) == 0:
            super()._cull()
