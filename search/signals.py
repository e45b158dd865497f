from django.dispatch import Signal

# Someone searched. Arguments: query (normalised str), hits (int), source (str, e.g. "site").
# Nothing about who it was.
search_performed = Signal()
