"""What a change of the lexicon does later: the index is brought up to date, new words proposed."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from modelsearch.backends import get_search_backend
from modelsearch.query import Phrase
from wagtail.models import Page

from search import lexicon, registry, tasks
from search.lexicon import documents, proposals, reindex, store, words
from search.lexicon.services import lexicon_change
from search.lexicon.words import Change, Word
from search.models import LexiconReindex, NewWord, Term
from tests.search.test_newwords import SAID, SUBJECTS

pytestmark = pytest.mark.django_db
State = LexiconReindex.State
BRIDGE = Word(words.TOPIC, "大桥建设者", topic="测试")


@pytest.fixture(autouse=True)
def table(monkeypatch):
    monkeypatch.setattr(store, "_held", None)
    lexicon.use(store.current)


@pytest.fixture
def indexed(monkeypatch):
    """The keys of what is indexed from now on, in order."""
    done = []
    original = reindex._index

    def index(model, keys):
        done.extend(keys)
        original(model, keys)

    monkeypatch.setattr(reindex, "_index", index)
    return done


@pytest.fixture
def job(pages):
    """A job that waits, because the change that made it has not been committed."""
    lexicon_change(user=None, changes=[Change(None, BRIDGE)])
    return LexiconReindex.objects.get()


def test_a_new_word_indexes_the_documents_that_hold_it_and_no_others(
    pages, indexed, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        lexicon_change(user=None, changes=[Change(None, BRIDGE)])
    job = LexiconReindex.objects.get()
    assert (job.state, job.total, job.done) == (State.DONE, 1, 1)
    assert indexed == [pages[0].pk]
    assert get_search_backend().search(Phrase("大桥建设者"), Page.objects.all()).count() == 1


def test_a_run_that_is_cut_short_goes_on_where_it_stopped(job, pages, indexed, monkeypatch):
    monkeypatch.setattr(reindex, "BATCH", 1)
    LexiconReindex.objects.update(words=["大桥", "高温补贴", "工会"])
    assert reindex.reindex_run(job_id=job.pk, seconds=-1)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (State.WAITING, 0, 3)
    job.cursor, job.done = {"wagtailcore.Page": str(pages[0].pk)}, 1
    job.save()
    assert not reindex.reindex_run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.percent) == (State.DONE, 3, 100)
    assert indexed == [pages[1].pk, pages[2].pk]


def test_a_job_that_runs_elsewhere_is_left_alone(job, indexed):
    LexiconReindex.objects.update(state=State.RUNNING, seen_at=timezone.now())
    assert not reindex.reindex_run(job_id=job.pk)
    assert indexed == []


def test_a_job_whose_worker_was_lost_is_taken_up(job, indexed):
    lost = timezone.now() - reindex.STALE - timedelta(seconds=1)
    LexiconReindex.objects.update(state=State.RUNNING, seen_at=lost)
    tasks.sweep_reindex()
    job.refresh_from_db()
    assert job.state == State.DONE
    assert indexed


def test_a_fresh_job_is_not_swept_away_from_its_task(job):
    assert reindex.reindex_waiting() == []


def test_a_job_that_always_fails_gives_up_and_can_be_retried(job, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(documents, "indexed_roots", lambda: 1 / 0)
        for _attempt in range(reindex.MOST_ATTEMPTS + 1):
            assert not reindex.reindex_run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == State.FAILED
    reindex.reindex_retry(job_id=job.pk)
    reindex.reindex_run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == State.DONE


def test_a_change_reaches_a_process_that_holds_the_old_words(monkeypatch):
    assert "大桥建设者" not in lexicon.current().entries
    lexicon_change(user=None, changes=[Change(None, BRIDGE)])
    assert "大桥建设者" not in lexicon.current().entries  # Uncommitted, and asked just now.
    monkeypatch.setattr(store, "_checked_at", store._checked_at - store.CHECK_SECONDS)
    assert "大桥建设者" in lexicon.current().entries
    assert store.CHECK_SECONDS < 60


def test_the_command_brings_words_of_the_files_and_can_be_repeated(capsys):
    Term.objects.filter(term="讨薪", kind=words.SYNONYM).delete()
    call_command("lexicon_seed")
    call_command("lexicon_seed")
    assert capsys.readouterr().out.split("\n")[:2] == [
        "词库新增 1 个随程序附带的词语。",
        "词库新增 0 个随程序附带的词语。",
    ]


# --- New words -----------------------------------------------------------------------------------


@pytest.fixture
def offered(monkeypatch):
    """Only these texts are offered; returns the list to add to."""
    texts = [f"{where}云洗亭{what}，希望早日解决" for where in SUBJECTS for what in SAID]
    monkeypatch.setattr(registry, "_recent_texts", [lambda since: iter(texts)])
    return texts


def waiting():
    return set(NewWord.objects.filter(state=NewWord.State.NEW).values_list("word", flat=True))


@pytest.mark.usefixtures("offered")
def test_new_words_are_proposed_and_renewed():
    tasks.find_new_words()
    assert "云洗亭" in waiting()
    NewWord.objects.update(count=1)
    tasks.find_new_words()
    assert NewWord.objects.get(word="云洗亭").count == 48


def test_a_proposal_that_the_texts_no_longer_bear_out_goes(offered):
    tasks.find_new_words()
    offered.clear()
    tasks.find_new_words()
    assert waiting() == set()


@pytest.mark.usefixtures("offered")
def test_a_refused_word_is_never_proposed_again():
    tasks.find_new_words()
    word = NewWord.objects.get(word="云洗亭")
    proposals.new_word_refuse(user=None, new_word=word)
    tasks.find_new_words()
    assert "云洗亭" not in waiting()
    assert NewWord.objects.get(word="云洗亭").state == NewWord.State.REFUSED


@pytest.mark.usefixtures("offered")
def test_a_word_of_the_lexicon_is_not_proposed():
    lexicon_change(
        user=None, changes=[Change(None, Word(words.TOPIC, "云洗亭", topic="新就业形态"))]
    )
    store.forget()
    tasks.find_new_words()
    assert "云洗亭" not in waiting()


def test_apps_take_turns_in_offering_texts(monkeypatch):
    providers = [lambda since: iter("甲乙丙"), lambda since: iter("子")]
    monkeypatch.setattr(registry, "_recent_texts", providers)
    assert list(registry.recent_texts(timezone.now())) == ["甲", "子", "乙", "丙"]
