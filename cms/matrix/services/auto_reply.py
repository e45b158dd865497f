"""What an account answers by itself, in the moment a message comes in.

A platform waits for a passive answer for 5 s (contract §9), so nothing here leaves the machine:
one query for the rules, and the site's own search where no rule fits.
"""

import re
from urllib.parse import urljoin

from wagtail.models import Site

from cms.matrix.channels.links import with_source
from cms.matrix.models import AutoReply, ChannelAccount
from search import answers
from search.registry import Item
from search.text.highlight import needles
from search.text.match import find_terms
from search.text.normalise import QUERY_LIMIT, normalise

MOST_BYTES = 2048
MOST_STORIES = 3
# A longer text is a letter, unless it asks something.
A_FEW_WORDS = 40
READ = 2000
QUESTION = re.compile(
    r"[?？]|[吗呢么]\W*$|怎么|怎样|如何|多少|什么|哪|几[天月年岁元]|能不能|可不可以|是否|请问"
)
_SEPARATORS = re.compile(r"[、,，;；\s]+")
_NOT_SAID = re.compile(r"\W+")
# A title must not look like markup to the platform.
_NO_MARKUP = str.maketrans({"<": "＜", ">": "＞"})


def greeting_for(account: ChannelAccount) -> str:
    """What somebody who just followed the account is told; "" for nothing."""
    return fitted(account.greeting)


def answer_for(*, account: ChannelAccount, text: str) -> str:
    """The answer to a reader's message: of a rule that fits, or stories that are about it.

    "" when there is none. At most MOST_BYTES of UTF-8; may hold `<a href>`. Raises nothing for
    anything a reader can write.
    """
    return fitted(by_rule(account, text) or _by_search(account, text))


def by_rule(account: ChannelAccount, text: str) -> str:
    """The answer of the rule that fits best: one for the whole message before one for a word in
    it, a long word before a short one. Traditional forms, width, case, blanks and punctuation do
    not matter."""
    said = folded(text)
    best, answer = (False, 0), ""
    for rule in AutoReply.objects.filter(account=account, active=True).order_by("pk"):
        exact = rule.match == AutoReply.Match.EXACT
        for word in words_of(rule.words):
            fits = said == word if exact else word in said
            if fits and (exact, len(word)) > best:
                best, answer = (exact, len(word)), rule.answer
    return answer


def words_of(words: str) -> list[str]:
    """The words of a rule, folded."""
    return [word for said in _SEPARATORS.split(words) if (word := folded(said))]


def folded(text: str) -> str:
    """As words are compared: simplified, half width, lower case, without blanks and signs."""
    return _NOT_SAID.sub("", normalise(text, READ))


def fitted(text: str) -> str:
    """`text` cut to what a passive answer may hold."""
    return text.strip().encode()[:MOST_BYTES].decode(errors="ignore")


def _by_search(account: ChannelAccount, text: str) -> str:
    asked = normalise(text, QUERY_LIMIT + 1)
    if not account.search_answers or not _asks(asked):
        return ""
    found = answers.answer(asked, limit=MOST_STORIES)
    told = [item for item in found.results.items if is_about(item, found.query)]
    return _listed(told)


def _asks(asked: str) -> bool:
    """A few words, or a question that is not too long to be searched."""
    if len(asked) <= A_FEW_WORDS:
        return bool(folded(asked))
    return len(asked) <= QUERY_LIMIT and bool(QUESTION.search(asked))


def is_about(item: Item, query: str) -> bool:
    """Whether a story holds what was asked, so that small talk is not answered with stories.

    One of the house's words (or another word for it) anywhere in it; without such a word all that
    was said, in its title or summary.
    """
    head = folded(f"{item.title} {item.summary}")
    terms = {folded(match.canonical) for match in find_terms(query)}
    if terms:
        spoken_of = {folded(m.canonical) for m in find_terms(f"{item.title} {item.text[:READ]}")}
        return bool(terms & spoken_of) or any(term in head for term in terms)
    words = [word for word in map(folded, needles(query)) if len(word) > 1]
    return bool(words) and all(word in head for word in words)


def _listed(items: list[Item]) -> str:
    """Titles with links, as many as a passive answer holds whole."""
    if not items:
        return ""
    answer = "这几篇稿件也许能帮到您：" if len(items) > 1 else "这篇稿件也许能帮到您："
    root = Site.objects.get(is_default_site=True).root_url
    for item in items:
        title = item.title.translate(_NO_MARKUP)
        line = f'\n<a href="{_address(root, item.url)}">{title}</a>'
        if len((answer + line).encode()) > MOST_BYTES:
            break
        answer += line
    return answer if "\n" in answer else ""


def _address(root: str, url: str) -> str:
    """The full address, which tells where the visit came from."""
    return with_source(urljoin(root, url), "wechat").replace('"', "%22")
