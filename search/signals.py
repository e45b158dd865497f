from django.dispatch import Signal

# Someone searched. Arguments: query (normalised str), hits (int), source (str, e.g. "site").
# Nothing about who it was.
search_performed = Signal()

# A results page is about to be made. Argument: request. For whoever keeps whole pages, to say how
# long this one holds.
results_asked = Signal()
