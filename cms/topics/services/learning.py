"""The classifier learns from managers' corrections: on request, tried on what is there, and in use
only when somebody has looked at what it would change and adopted it."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from cms.topics import learned, reading
from cms.topics.classifier import Figures, Model, cross_validate, train
from cms.topics.models import LearnedModel, Placement, Topic, Voice, VoiceTopic
from cms.topics.selectors.scope import OWN_WORDS

State = LearnedModel.State

#: A person's word counts as much as so many readings of the lexicon.
CORRECTION_WEIGHT = 5
#: Voices of each theme that the lexicon reads without doubt, the latest: they keep what works.
LEXICON_EXAMPLES = 200
#: Voices on which a new version is tried, the latest, and those shown of each change.
TRIED_ON = 2000
SAMPLES = 3
FOLDS = 5
LEAST_CORRECTIONS = 5


def learning_start(*, user) -> LearnedModel:
    """Ask for a new version; a task trains it. Raises ValidationError when too little is known."""
    corrections = Placement.objects.filter(topic__kind=Topic.Kind.LEXICON).count()
    if corrections < LEAST_CORRECTIONS:
        raise ValidationError(
            _("人工更正只有 %(n)d 条，满 %(least)d 条再学。在话题的原话页点“移出”或“归入”来更正。"),
            params={"n": corrections, "least": LEAST_CORRECTIONS},
        )
    model = LearnedModel.objects.create(trained_by=user)
    log(model, "topics.learn", user=user)
    return model


def model_train(*, model: LearnedModel) -> None:
    """Train a version that was asked for, and write down how well it does and what it would change.

    Raises nothing to learn from as ValueError of the classifier; the version is then marked failed.
    """
    if model.state != State.LEARNING:
        return
    examples = list(_examples())
    pairs = [(text, label) for text, label, _weight in examples]
    weights = [weight for _text, _label, weight in examples]
    try:
        trained = train(pairs, weights)
        figures = cross_validate(pairs, FOLDS, weights=weights)
    except ValueError:
        LearnedModel.objects.filter(pk=model.pk).update(state=State.FAILED)
        raise
    model.weights = trained.dump()
    model.examples = len(examples)
    model.corrections = sum(weight == CORRECTION_WEIGHT for weight in weights)
    model.figures = {**_figures(figures), "changes": _changes(trained)}
    model.state = State.TRIAL
    model.save()


@transaction.atomic
def model_adopt(*, model: LearnedModel, user) -> None:
    """Use this version from now on: everything is read again with it."""
    if model.state not in (State.TRIAL, State.RETIRED):
        raise ValidationError(_("这个版本不能采用。"))
    LearnedModel.objects.filter(state=State.ADOPTED).update(state=State.RETIRED)
    model.state = State.ADOPTED
    model.save(update_fields=["state"])
    log(model, "topics.adopt", user=user)


@transaction.atomic
def model_retire(*, model: LearnedModel, user) -> None:
    """Go back to the lexicon alone."""
    model.state = State.RETIRED
    model.save(update_fields=["state"])
    log(model, "topics.retire", user=user)


def _examples() -> Iterator[tuple[str, str, float]]:
    """(text, theme's key or NOTHING, weight): corrections, and what the lexicon reads without
    doubt and nobody has contradicted. The order does not matter."""
    placed: dict[int, dict[str, bool]] = defaultdict(dict)
    texts: dict[int, str] = {}
    rows = Placement.objects.filter(topic__kind=Topic.Kind.LEXICON).select_related("voice", "topic")
    for row in rows.order_by("pk"):
        placed[row.voice_id][row.topic.key] = row.belongs
        texts[row.voice_id] = row.voice.whole
    for pk, said in placed.items():
        about = [key for key, belongs in said.items() if belongs]
        for key in about or [learned.NOTHING]:
            yield texts[pk], key, CORRECTION_WEIGHT
    for topic in Topic.objects.filter(kind=Topic.Kind.LEXICON).order_by("pk"):
        sure = VoiceTopic.objects.filter(
            topic=topic, by=VoiceTopic.By.LEXICON, voice__source__in=OWN_WORDS, voice__copy_of=""
        )
        links = sure.exclude(voice__in=placed).select_related("voice").order_by("-voice__said_at")
        for link in links[:LEXICON_EXAMPLES]:
            yield link.voice.whole, topic.key, 1


def _figures(figures: Figures) -> dict:
    return {
        "macro_f1": round(figures.macro_f1, 4),
        "labels": {
            label: {"precision": one.precision, "recall": one.recall, "f1": one.f1, "n": one.texts}
            for label, one in figures.labels.items()
        },
    }


def _changes(trained: Model) -> list[dict]:
    """What adopting would change in the latest voices that nobody has placed, the most changed
    theme first: [{theme, added, removed, samples: [{voice, added, because}]}]."""
    names = dict(Topic.objects.filter(kind=Topic.Kind.LEXICON).values_list("key", "name"))
    added: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    samples: dict[str, list[dict]] = defaultdict(list)
    present = learned.in_force()
    unplaced = Voice.objects.filter(source__in=OWN_WORDS, placements=None)
    for voice in unplaced.order_by("-said_at", "-pk")[:TRIED_ON]:
        before = reading.topics_of(voice.whole, present).keys()
        after = reading.topics_of(voice.whole, learned.Learned(0, trained)).keys()
        for key in sorted(before ^ after):
            is_new = key in after
            (added if is_new else removed)[key] += 1
            if len(samples[key]) < SAMPLES and key in trained.labels:
                because = [word for word, _value in trained.explain(voice.whole, key, 4)]
                samples[key].append({"voice": voice.pk, "added": is_new, "because": because})
    return [
        {
            "theme": names.get(key, key),
            "added": added[key],
            "removed": removed[key],
            "samples": samples[key],
        }
        for key, _times in sorted((added + removed).items(), key=lambda item: (-item[1], item[0]))
    ]
