"""The file: the same answers after loading; foreign and damaged bytes are refused."""

import bz2
import json
import pickle

import pytest

from cms.topics.classifier import BadModel, Model, stored


def packed(model: Model, **changes: object) -> bytes:
    """The file of `model` with some of its parts changed."""
    content = json.loads(bz2.decompress(model.dump()))
    return bz2.compress(json.dumps(content | changes).encode())


def test_a_loaded_model_gives_equal_answers(model, examples):
    loaded = Model.load(model.dump())
    for text, label in [*examples, ("没见过的话", "欠薪与工资"), ("", "加班与休假")]:
        assert loaded.classify(text) == model.classify(text)
        assert loaded.explain(text, label) == model.explain(text, label)


def test_a_loaded_model_is_dumped_to_the_same_bytes(model):
    assert Model.load(model.dump()).dump() == model.dump()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 100,
        b"{}",
        pickle.dumps({"format": 1}),
        bz2.compress(b"not json"),
        bz2.compress(b"\xff\xfe"),
        bz2.compress(b"[1, 2]"),
        bz2.compress(b"[" * 200_000),
        bz2.compress(b'{"format": ' + b"9" * 5_000 + b"}"),
    ],
    ids=range(9),
)
def test_foreign_bytes_are_refused(content):
    with pytest.raises(BadModel):
        Model.load(content)


def test_a_file_that_is_cut_off_is_refused(model):
    with pytest.raises(BadModel, match="cut off"):
        Model.load(model.dump()[:-10])


def test_a_file_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(stored, "UNPACKED_LIMIT", 100_000)
    with pytest.raises(BadModel, match="too large"):
        Model.load(bz2.compress(b" " * 10_000_000))


def test_a_file_of_too_many_bytes_is_refused(model, monkeypatch):
    monkeypatch.setattr(stored, "PACKED_LIMIT", 10)
    with pytest.raises(BadModel, match="more than"):
        Model.load(model.dump())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"format": 999}, "format"),
        ({"extra": 1}, "unknown"),
        ({"labels": []}, "labels"),
        ({"labels": ["a", "a", "b"]}, "distinct"),
        ({"labels": "abc"}, "distinct"),
        ({"labels": [["a"], "b", "c"]}, "distinct"),
        ({"names": []}, "telling"),
        ({"telling": [1]}, "telling"),
        ({"names": ["工", "资"], "telling": [5, 0]}, "above 0"),
        ({"names": ["工", "资"], "telling": [5, True]}, "telling"),
        ({"baselines": [0, 0, 1.5]}, "baselines"),
        ({"baselines": [0, 0, 10**30]}, "within"),
        ({"baselines": None}, "baselines"),
        ({"weights": []}, "one list"),
        ({"weights": [[0], [0], [0]]}, "weights"),
        ({"weights": {"a": 1}}, "one list"),
    ],
    ids=str,
)
def test_parts_that_do_not_fit_are_refused(model, changes, why):
    with pytest.raises(BadModel, match=why):
        Model.load(packed(model, **changes))
