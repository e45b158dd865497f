from datetime import timedelta

from django.db.models import Max, Sum
from django.utils import timezone

from search import lexicon
from search.models import SearchLog
from search.text.match import find_terms
from search.text.normalise import normalise


def _since(days: int):
    day = timezone.localdate() - timedelta(days=days - 1)
    return SearchLog.objects.filter(day__gte=day).values("term").annotate(count=Sum("count"))


def popular(days: int = 7, limit: int = 10) -> list[dict]:
    """Return the most searched terms as {"term", "count"}, the commonest first. For editors."""
    return list(_since(days).order_by("-count", "term").values("term", "count")[:limit])


def popular_known(days: int = 7, limit: int = 8) -> list[str]:
    """Return popular terms fit for the public: only words of the lexicon, nobody's free text."""
    known = lexicon.current().entries
    return [row["term"] for row in popular(days, 100) if row["term"] in known][:limit]


def nothing_found(days: int = 30, limit: int = 50) -> list[dict]:
    """Return searched terms that never found anything, as {"term", "count", "last"}."""
    terms = _since(days).annotate(best=Max("hits"), last=Max("day"))
    return list(
        terms.filter(best=0).order_by("-count", "term").values("term", "count", "last")[:limit]
    )


def near_terms(query: str, limit: int = 8) -> list[str]:
    """Return words of the lexicon near ``query``: what it is properly called, and its topic's.

    Without a known word, those that share two neighbouring characters with it. Reads no table.
    """
    words = lexicon.current()
    asked = normalise(query, 120)
    matches = find_terms(asked)
    near = [match.canonical for match in matches]
    for match in matches:
        near += words.topics.get(match.topic, ())
    if not near:
        pairs = {asked[at : at + 2] for at in range(len(asked) - 1)}
        near = [
            entry.canonical
            for term, entry in words.entries.items()
            if any(term[at : at + 2] in pairs for at in range(len(term) - 1))
        ]
    return [term for term in dict.fromkeys(near) if term != asked][:limit]
