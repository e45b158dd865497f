"""What a dashboard address asks for. Anything that makes no sense is as if it were not there."""

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from cms.analytics import periods, selectors
from cms.analytics.selectors.ledger import DEFAULT_ORDER, ORDERS
from cms.members.models import Union, User

SEARCH_LENGTH = 60


@dataclass
class Asked:
    """The filters of one request by `user`, always within the unions `user` answers for."""

    query: QueryDict
    user: User

    @cached_property
    def all_unions(self) -> list[Union]:
        return list(selectors.unions_of(self.user).order_by("path"))

    @cached_property
    def union(self) -> Union | None:
        wanted = self._number("union")
        return next((union for union in self.all_unions if union.pk == wanted), None)

    @cached_property
    def unions(self) -> list[Union]:
        """The union asked for with those below it, else all."""
        if self.union is None:
            return self.all_unions
        return [union for union in self.all_unions if union.path.startswith(self.union.path)]

    @cached_property
    def days(self) -> int:
        return periods.asked_for(self.query.get("days", ""))

    @cached_property
    def period(self) -> periods.Period:
        return periods.last_days(self.days)

    @cached_property
    def narrowed(self) -> dict:
        """Keywords for `selectors.stories`."""
        return {"kind": self.query.get("kind", "")[:20], "section": self._number("section")}

    @cached_property
    def search(self) -> str:
        return self.query.get("q", "").replace("\x00", "").strip()[:SEARCH_LENGTH]

    @cached_property
    def metric(self) -> str:
        metric = self.query.get("metric", "")
        return metric if metric in selectors.METRICS else "reads"

    @cached_property
    def order(self) -> str:
        order = self.query.get("ordering", "")
        return order if order.removeprefix("-") in ORDERS else DEFAULT_ORDER

    def cards(self):
        return selectors.stories(self.unions, **self.narrowed)

    def rows(self):
        """The ledger asked for: the period's stories; a search looks at all times."""
        since, until = (None, None) if self.search else (self.period.since, self.period.until)
        return selectors.ledger(
            self.unions, since, until, search=self.search, order=self.order, **self.narrowed
        )

    def link(self, **changes) -> str:
        """The query of this address with `changes`; None takes a parameter out. Page 1 again."""
        query = self.query.copy()
        query.pop("p", None)
        for name, value in changes.items():
            if value is None:
                query.pop(name, None)
            else:
                query[name] = str(value)
        return f"?{query.urlencode()}"

    def _number(self, name: str) -> int | None:
        text = self.query.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 15 else None
