"""A search query as a boolean tree over index tokens, and the tree as text for each database.

A node is ALL, NONE, ``Token``, or ``Node("and" | "or" | "not", children)``. Building simplifies,
so ALL and NONE only ever stand alone.
"""

from dataclasses import dataclass
from itertools import combinations

from modelsearch import query as q

from search.text import question, segment
from search.text.normalise import QUERY_LIMIT, normalise


@dataclass(frozen=True, slots=True)
class Token:
    """One index token; as a ``prefix`` it also stands for longer ones. Letters and digits only."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    operator: str
    children: tuple


ALL = Node("all", ())
NONE = Node("none", ())


class Sentence(q.PlainText):
    """A query without a stated operator: most of its words are to be found, the best ones first.

    ``synonyms``: whether the lexicon's other words for what is asked count as found.
    """

    def __init__(self, query_string: str, *, synonyms: bool = True):
        super().__init__(query_string)
        self.synonyms = synonyms


def every(children):
    children = tuple(dict.fromkeys(child for child in children if child != ALL))
    if NONE in children:
        return NONE
    return _join("and", children) or ALL


def some(children):
    children = tuple(dict.fromkeys(child for child in children if child != NONE))
    if ALL in children:
        return ALL
    return _join("or", children) or NONE


def negate(child):
    if child in (ALL, NONE):
        return NONE if child == ALL else ALL
    return child.children[0] if _is(child, "not") else Node("not", (child,))


def _join(operator, children):
    return children[0] if len(children) == 1 else children and Node(operator, children)


def _is(node, operator):
    return isinstance(node, Node) and node.operator == operator


def build(query, *, prefix: bool = False, common: frozenset[str] = frozenset()):
    """Turn a modelsearch query into a tree.

    ``prefix``: the last Latin word is still being typed (autocomplete). ``common``: tokens that
    nearly every text holds; a sentence is not looked up by them. Words parted by blanks obey the
    operator; a Chinese run among them needs most of its words.
    """

    def built(part):
        return build(part, prefix=prefix, common=common)

    match query:
        case q.MatchAll():
            return ALL
        case q.Not():
            return negate(built(query.subquery))
        case q.And():
            return every(built(part) for part in query.subqueries)
        case q.Or():
            return some(built(part) for part in query.subqueries)
        case q.Boost():
            return built(query.subquery)
        case q.Phrase():
            return _together(query.query_string)
        case Sentence():
            return _most(query.query_string, prefix, common, query.synonyms)
        case q.PlainText() | q.Fuzzy():
            chunks = normalise(query.query_string, QUERY_LIMIT).split()
            parts = [
                _most(chunk, prefix and place == len(chunks), common, synonyms=False)
                for place, chunk in enumerate(chunks, start=1)
            ]
            # A chunk of marks alone asks for nothing and forbids nothing.
            parts = [part for part in parts if part != NONE]
            if not parts:
                return NONE
            return every(parts) if query.operator == "and" else some(parts)
    raise TypeError(f"Not a search query: {query!r}")


def _together(text):
    tokens = question.proof(text)
    return every(Token(token) for token in tokens) if tokens else NONE


def _most(text, prefix, common, synonyms):
    asked = question.ask(text, synonyms=synonyms and not prefix)
    if asked is None:
        return NONE
    if asked.hints:
        return some(Token(token) for token in _telling(asked.hints, common))
    open_end = _open_end(text) if prefix else None
    words = [
        some(
            every(Token(token, prefix=_is_open(token, open_end)) for token in proof)
            for proof in _proofs(word, common)
        )
        for word in asked.words
    ]
    return some(every(group) for group in combinations(words, asked.need))


def _proofs(word, common):
    """The asked word's own proof in full; of the other words' what is not everywhere anyway."""
    asked, *others = word.proofs
    return [asked, *(_telling(proof, common) for proof in others)]


def _telling(tokens, common):
    return [token for token in tokens if token not in common] or list(tokens)


def _open_end(text):
    last = segment.units(normalise(text, QUERY_LIMIT).replace(" ", "_"))[-1:]
    return last[0] if last and last[0].isascii() else None


def _is_open(token, open_end):
    return bool(open_end) and token.endswith(open_end)


def weights(query, common: frozenset[str] = frozenset()) -> dict[str, float]:
    """Return what each token adds to the rank of a text; what is negated orders nothing."""
    match query:
        case q.And() | q.Or():
            parts = [weights(part, common) for part in query.subqueries]
            return {token: weight for part in parts for token, weight in part.items()}
        case q.Boost():
            inner = weights(query.subquery, common)
            return {token: weight * query.boost for token, weight in inner.items()}
        case q.PlainText() | q.Phrase() | q.Fuzzy():
            synonyms = isinstance(query, Sentence) and query.synonyms
            asked = question.ask(query.query_string, synonyms=synonyms)
            found = asked.weights if asked else {}
            return {token: found[token] for token in _telling(found, common)}
    return {}


# --- Text for the databases. Tokens hold letters and digits only, so quoting is enough. ---------


def fts5(tree) -> str:
    """Return the tree as a match expression of FTS5; the tree must not be ``negative``."""
    text, _negated = _fts5(tree)
    return text


def _fts5(tree) -> tuple[str, bool]:
    """Return (match expression, negated): FTS5 knows "a NOT b" but no "NOT b" alone."""
    if isinstance(tree, Token):
        return f'"{tree.text}"' + ("*" if tree.prefix else ""), False
    if tree.operator == "not":
        text, negated = _fts5(tree.children[0])
        return text, not negated
    parts = [_fts5(child) for child in tree.children]
    wanted = [text for text, negated in parts if not negated]
    unwanted = [text for text, negated in parts if negated]
    if tree.operator == "and":
        if not wanted:
            return _fts5_join("OR", unwanted), True
        return _fts5_without(_fts5_join("AND", wanted), unwanted), False
    if not unwanted:
        return _fts5_join("OR", wanted), False
    return _fts5_without(_fts5_join("AND", unwanted), wanted), True


def _fts5_join(operator, texts):
    return "(" + f" {operator} ".join(texts) + ")"


def _fts5_without(text, unwanted):
    return f"({text} NOT {_fts5_join('OR', unwanted)})" if unwanted else text


def negative(tree) -> bool:
    """Whether a text without any of the tree's tokens is found."""
    if isinstance(tree, Token):
        return False
    found = [negative(child) for child in tree.children]
    match tree.operator:
        case "not":
            return not found[0]
        case "and":
            return all(found)
    return any(found)


def share(tree, shares) -> float:
    """Return of which share of the documents it is known that the tree finds them, at least."""
    if isinstance(tree, Token):
        return shares.get(tree.text, 0.0)
    if getattr(tree, "operator", "") != "or":
        return 0.0
    return max(share(child, shares) for child in tree.children)


def tokens(tree) -> list[Token]:
    """Return the tree's tokens, each once."""
    if isinstance(tree, Token):
        return [tree]
    return list(dict.fromkeys(token for child in tree.children for token in tokens(child)))


def any_of(tree) -> list[Token] | None:
    """Return the tokens of which one is enough, or None when the tree asks for more than that."""
    if isinstance(tree, Token):
        return [tree]
    if tree.operator == "or" and all(isinstance(child, Token) for child in tree.children):
        return list(tree.children)
    return None


def condition(tree, holds) -> str:
    """Return the tree as SQL; ``holds(token)`` is the SQL that says a text has a token."""
    if isinstance(tree, Token):
        return holds(tree)
    if tree.operator == "not":
        return f"NOT {condition(tree.children[0], holds)}"
    operator = " AND " if tree.operator == "and" else " OR "
    return "(" + operator.join(condition(child, holds) for child in tree.children) + ")"
