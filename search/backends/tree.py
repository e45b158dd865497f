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
    """A query without a stated operator: most of its words are to be found, the best ones first."""


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


def build(query, *, prefix: bool = False):
    """Turn a modelsearch query into a tree.

    ``prefix``: the last Latin word is still being typed (autocomplete).
    Words parted by blanks obey the operator; a Chinese run among them needs most of its words.
    """
    match query:
        case q.MatchAll():
            return ALL
        case q.Not():
            return negate(build(query.subquery, prefix=prefix))
        case q.And():
            return every(build(part, prefix=prefix) for part in query.subqueries)
        case q.Or():
            return some(build(part, prefix=prefix) for part in query.subqueries)
        case q.Boost():
            return build(query.subquery, prefix=prefix)
        case q.Phrase():
            return _together(query.query_string)
        case Sentence():
            return _most(query.query_string, prefix)
        case q.PlainText() | q.Fuzzy():
            chunks = normalise(query.query_string, QUERY_LIMIT).split()
            parts = [
                _most(chunk, prefix and place == len(chunks))
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


def _most(text, prefix):
    asked = question.ask(text)
    if asked is None:
        return NONE
    open_end = _open_end(text) if prefix else None
    words = [
        every(Token(token, prefix=_is_open(token, open_end)) for token in word)
        for word in asked.words
    ]
    return some(every(group) for group in combinations(words, asked.need))


def _open_end(text):
    last = segment.units(normalise(text, QUERY_LIMIT).replace(" ", "_"))[-1:]
    return last[0] if last and last[0].isascii() else None


def _is_open(token, open_end):
    return bool(open_end) and token.endswith(open_end)


def rank_tokens(query) -> list[str]:
    """Return the tokens that order what the query finds; what is negated orders nothing."""
    match query:
        case q.And() | q.Or():
            parts = [rank_tokens(part) for part in query.subqueries]
            return list(dict.fromkeys(token for part in parts for token in part))
        case q.Boost():
            return rank_tokens(query.subquery)
        case q.PlainText() | q.Phrase() | q.Fuzzy():
            return segment.query_tokens(query.query_string)
    return []


# --- Text for the databases. Tokens hold letters and digits only, so quoting is enough. ---------


def fts5(tree) -> tuple[str, bool]:
    """Return (match expression, negated): FTS5 knows "a NOT b" but no "NOT b" alone."""
    if isinstance(tree, Token):
        return f'"{tree.text}"' + ("*" if tree.prefix else ""), False
    if tree.operator == "not":
        text, negated = fts5(tree.children[0])
        return text, not negated
    parts = [fts5(child) for child in tree.children]
    wanted = [text for text, negated in parts if not negated]
    unwanted = [text for text, negated in parts if negated]
    if tree.operator == "and":
        if not wanted:
            return _fts5_join("OR", unwanted), True
        return _fts5_without(_fts5_join("AND", wanted), unwanted, "OR"), False
    if not unwanted:
        return _fts5_join("OR", wanted), False
    return _fts5_without(_fts5_join("AND", unwanted), wanted, "OR"), True


def _fts5_join(operator, texts):
    return texts[0] if len(texts) == 1 else "(" + f" {operator} ".join(texts) + ")"


def _fts5_without(text, unwanted, operator):
    return f"({text} NOT {_fts5_join(operator, unwanted)})" if unwanted else text


def tsquery(tree) -> str:
    """Return the tree as a literal of PostgreSQL's type tsquery."""
    if isinstance(tree, Token):
        return f"'{tree.text}'" + (":*" if tree.prefix else "")
    if tree.operator == "not":
        return f"!{tsquery(tree.children[0])}"
    operator = " & " if tree.operator == "and" else " | "
    return "(" + operator.join(tsquery(child) for child in tree.children) + ")"
