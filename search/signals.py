from django.dispatch import Signal

# Someone searched. Arguments: query (normalised str), hits (int), source (str, e.g. "site").
# Nothing about who it was.
search_performed = Signal()

# A results page is about to be made. Argument: request. For whoever keeps whole pages, to say how
# long this one holds.
results_asked = Signal()

# A results page was made and counted as one search. Arguments: request, query (as typed), hits
# (int). Whoever serves a kept copy of the page later calls services.search_log with the same.
results_counted = Signal()
