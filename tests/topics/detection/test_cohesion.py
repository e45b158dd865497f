"""One matter or only one place: cohesion tells, and one person cannot raise it."""

from cms.topics.detection import centre, rising
from tests.topics.detection.voices import NOISE, WAGES, said


def cohesion(texts, person="p{}"):
    return centre.cohesion(said(0, str(at), person.format(at), t) for at, t in enumerate(texts))


def test_one_matter_in_many_words_is_coherent_and_a_medley_is_not():
    assert cohesion(WAGES) > rising.COHERENT > cohesion(NOISE)


def test_one_person_alone_is_not_coherent():
    assert cohesion(WAGES, person="loud") == 0
