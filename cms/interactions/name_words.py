"""Words around people's names, for `cms.interactions.names`: own lists, in simplified characters.

`data/name_words.tsv` has some words of a kind on each line. The kinds:

- `surname <share>`: surnames that about this share of all people have
- `title`: stands after a name or a surname; `relation`, `introduction`, `preposition`: before one
- `doing`: what people do, right after their name
- `given_word`: a given name as well as a word (刘建国); `plain`: no name whatever a dictionary says
- `not_familiar`: 老 or 小 and a surname, but no person (小时)
- `place`: after a surname and a word it makes a place or a firm (王府井大街)
- `place_ending`: a last character that a place has rather than a person
- `particle`: a surname that is something else before a title (向经理反映)
- `public`: people of public life, who stay named; `office`: whose holder does
"""

import csv
from pathlib import Path

DATA = Path(__file__).parent / "data" / "name_words.tsv"


def _read() -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            words.setdefault(row["kind"], []).extend(row["words"].split())
    return words


_words = _read()

#: Each single surname → its share of all people.
SHARES = {
    surname: float(kind.split()[1])
    for kind, row in _words.items()
    if kind.startswith("surname ")
    for surname in row
}
COMPOUND = _words["compound"]
TITLES = _words["title"]
RELATIONS = _words["relation"]
INTRODUCTIONS = _words["introduction"]
PREPOSITIONS = _words["preposition"]
DOINGS = _words["doing"]
PLACES = _words["place"]
PUBLIC_PEOPLE = _words["public"]
OFFICES = _words["office"]
PARTICLES = frozenset(_words["particle"])
GIVEN_WORDS = frozenset(_words["given_word"])
PLAIN_WORDS = frozenset(_words["plain"])
NOT_FAMILIAR = frozenset(_words["not_familiar"])
PLACE_ENDINGS = frozenset(_words["place_ending"])
