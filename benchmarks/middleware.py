"""What the benchmark asks of the server by header. Only `benchmarks.settings` installs it."""

from django.core.cache import cache
from django.db import connection

from cms.news import pagecache

COLD = "X-Benchmark-Cold"
COUNT = "X-Benchmark-Count"
QUERIES = "X-Benchmark-Queries"


class Marks:
    """With COLD the kept page is dropped first, so that the whole way of a miss is taken, storing
    included. With COUNT the answer says how many statements the database was given."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if COLD in request.headers:
            cache.delete(pagecache._key(request))
        if COUNT not in request.headers:
            return self.get_response(request)
        seen = []
        with connection.execute_wrapper(lambda execute, *args: seen.append(1) or execute(*args)):
            response = self.get_response(request)
        response[QUERIES] = str(len(seen))
        return response
