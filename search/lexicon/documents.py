"""The indexed documents in which words of the lexicon stand, whatever models they are."""

import re
from collections.abc import Iterator, Sequence

from django.db.models import Model, QuerySet
from modelsearch.backends import get_search_backend
from modelsearch.index import get_indexed_models
from modelsearch.query import Or, Phrase
from wagtail.models import CollectionMember, DraftStateMixin, Page

from search.text.normalise import normalise

#: Words asked for in one query: bounds its size.
WORDS_A_QUERY = 20
#: What may stand between the parts of a watched word or context.
GAP = "…"
SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")


def indexed_roots() -> list[type[Model]]:
    """Return the indexed models that are no special case of another: together they are all."""
    models = get_indexed_models()
    return [
        model
        for model in models
        if not any(issubclass(model, other) and other is not model for other in models)
    ]


def told_models() -> list[type[Model]]:
    """Return the roots that people know: a projection (its key is another document's) is none."""
    roots = indexed_roots()
    return [model for model in roots if model._meta.pk.related_model not in roots]


def public(model: type[Model]) -> QuerySet:
    """Return the documents of ``model`` that anybody may read, as far as Wagtail knows."""
    everything = model._default_manager.all()
    if issubclass(model, Page):
        return everything.live().public()
    if issubclass(model, CollectionMember):
        # A collection may be closed to some; and titles of pictures are no sentences.
        return everything.none()
    if issubclass(model, DraftStateMixin):
        return everything.filter(live=True)
    return everything


def holding(terms: Sequence[str], documents: QuerySet):
    """Search ``documents`` for those in which one of ``terms`` stands; at most WORDS_A_QUERY."""
    phrases = [Phrase(term) for term in terms[:WORDS_A_QUERY]]
    query = phrases[0] if len(phrases) == 1 else Or(phrases)
    return get_search_backend().search(query, documents, order_by_relevance=False)


def keys_holding(terms: Sequence[str], model: type[Model]) -> list:
    """Return the keys of all documents of ``model`` that hold one of ``terms``, in fixed order."""
    keys = set()
    for start in range(0, len(terms), WORDS_A_QUERY):
        chosen = terms[start : start + WORDS_A_QUERY]
        found = holding(chosen, model._default_manager.only("pk"))
        keys.update(document.pk for document in found)
    return sorted(keys, key=in_order)


def in_order(key) -> tuple[int, str]:
    """How keys are ordered and, as text, remembered: numbers by size, others by letter."""
    text = str(key)
    return (len(text), text) if text.isdecimal() else (0, text)


def text_of(document) -> str:
    """Return what the index reads of ``document`` itself, a line a field."""
    fields = type(document).get_searchable_search_fields()
    return "\n".join(_flat(field.get_value(document)) for field in fields)


def _flat(value) -> str:
    if isinstance(value, dict):
        return "\n".join(_flat(part) for part in value.values())
    if isinstance(value, list | tuple):
        return "\n".join(_flat(part) for part in value)
    return "" if value is None else str(value)


def sentences_with(terms: Sequence[str], text: str) -> Iterator[str]:
    """Yield the sentences of ``text`` in which one of ``terms`` stands, however it is written."""
    for found in SENTENCE.finditer(text):
        sentence = found[0].strip()
        folded = normalise(sentence)
        if any(stands_in(folded, term) for term in terms):
            yield sentence


def stands_in(folded: str, term: str) -> bool:
    """Whether the normalised text holds ``term``; of 「查…记录」, all of its parts."""
    return all(normalise(part) in folded for part in term.split(GAP))
