from collections import Counter
from dataclasses import dataclass

from cms.topics.reading import first_sentence
from search.text.keywords import keywords


@dataclass
class Member:
    id: str
    person: str
    title: str
    text: str


@dataclass
class Named:
    name: str
    sentence: str
    words: list


def name_group(members):
    c = Counter(k.word for m in members for k in keywords(m.title, m.text, 4))
    words = [w for w, _n in sorted(c.items(), key=lambda i: (-i[1], i[0]))][:8]
    return Named(
        (words or ["话题"])[0][:20], first_sentence(members[0].text) if members else "", words
    )
