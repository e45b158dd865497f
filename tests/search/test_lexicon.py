import pytest
from django.core.exceptions import ValidationError

from search import lexicon
from search.lexicon import base, store
from search.models import Term
from search.text import match, segment


@pytest.fixture
def table(db, monkeypatch):
    """The lexicon as the table has it, read afresh."""
    monkeypatch.setattr(store, "_held", None)
    lexicon.use(store.current)


@pytest.mark.usefixtures("table")
def test_the_table_is_seeded_with_the_words_of_the_files():
    held, shipped = lexicon.current(), base.from_files()
    assert dict(held.entries) == dict(shipped.entries)
    assert held.stop_words == shipped.stop_words - set(shipped.entries)


@pytest.mark.usefixtures("table")
def test_a_word_added_in_the_admin_is_known_at_once(django_capture_on_commit_callbacks):
    assert match.find_terms("共享单车猎人") == []
    with django_capture_on_commit_callbacks(execute=True):
        Term.objects.create(term="单车猎人", topic="新就业形态")
    assert [m.topic for m in match.find_terms("共享单车猎人")] == ["新就业形态"]
    assert segment.words("共享单车猎人") == ["共享", "单车猎人"]
    with django_capture_on_commit_callbacks(execute=True):
        Term.objects.get(term="单车猎人").delete()
    assert match.find_terms("共享单车猎人") == []
    assert "单车猎人" not in segment.words("共享单车猎人")


@pytest.mark.usefixtures("table")
def test_the_lexicon_is_read_once(django_assert_num_queries):
    lexicon.current()
    with django_assert_num_queries(0):
        lexicon.current()


@pytest.mark.usefixtures("table")
def test_an_empty_table_is_answered_by_the_files():
    Term.objects.all().delete()
    store.forget()
    assert dict(lexicon.current().entries) == dict(base.from_files().entries)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"kind": "topic"}, "topic"),
        ({"kind": "synonym"}, "canonical"),
    ],
)
def test_an_unfinished_word_is_refused(fields, complaint):
    with pytest.raises(ValidationError) as refused:
        Term(term="新词", **fields).clean()
    assert complaint in refused.value.message_dict


def test_every_synonym_in_the_files_has_a_topic_word():
    entries = base.from_files().entries
    for entry in entries.values():
        assert entries[entry.canonical].canonical == entry.canonical, entry
        assert entry.topic


def test_legal_distinctions_stay_apart():
    """domain.md §5: chat mixes these up, the law does not."""
    entries = base.from_files().entries
    canonical = {term: entry.canonical for term, entry in entries.items()}
    assert canonical["住房公积金"] != canonical["社会保险"]
    assert canonical.get("防暑降温费") != "高温津贴"
    assert canonical.get("赔偿金") != "经济补偿"
    assert canonical["五险一金"] == "五险一金"
