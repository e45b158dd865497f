"""The join of a searched table with what the index found in it.

A sub-select of (key, score) is joined to the query as a table of its own: the index is read once,
and filters, ordering, facets and counts are the database's usual work. Django has no such join for
plain SQL, so it is written here after ``django.db.models.sql.datastructures.Join``.
"""

from django.db.models import Expression, FloatField, Lookup
from django.db.models.sql.constants import INNER

ALIAS = "hits"


class HitsJoin:
    """``INNER JOIN (sql) hits ON hits.key = table.key``; ``sql`` selects key and maybe score."""

    join_type = INNER
    filtered_relation = None
    nullable = False
    join_field = None

    def __init__(self, sql, params, parent_alias, key_column, alias=ALIAS):
        self.sql, self.params = sql, params
        self.parent_alias, self.key_column = parent_alias, key_column
        self.table_name = self.table_alias = alias

    def as_sql(self, compiler, connection):
        quote = compiler.quote_name_unless_alias
        on = f"{quote(self.table_alias)}.key = {quote(self.parent_alias)}.{quote(self.key_column)}"
        return f"INNER JOIN ({self.sql}) {quote(self.table_alias)} ON ({on})", list(self.params)

    def relabeled_clone(self, change_map):
        return HitsJoin(
            self.sql,
            self.params,
            change_map.get(self.parent_alias, self.parent_alias),
            self.key_column,
            change_map.get(self.table_alias, self.table_alias),
        )

    @property
    def identity(self):
        return (type(self), self.sql, tuple(self.params), self.parent_alias)

    def equals(self, other):
        return isinstance(other, HitsJoin) and self.identity == other.identity

    def demote(self):
        return self

    def promote(self):
        return self


class Score(Expression):
    """The score column of the join."""

    output_field = FloatField()

    def __init__(self, alias=ALIAS):
        super().__init__()
        self.alias = alias

    def as_sql(self, compiler, connection):
        return f"{compiler.quote_name_unless_alias(self.alias)}.score", []

    def relabeled_clone(self, change_map):
        return Score(change_map.get(self.alias, self.alias))

    def get_group_by_cols(self):
        return [self]


def join(queryset, sql, params):
    """Return ``queryset`` with only the rows whose key ``sql`` selects."""
    joined = queryset._chain()
    query = joined.query
    parent = query.get_initial_alias()
    table = HitsJoin(sql, params, parent, queryset.model._meta.pk.column)
    query.alias_map[ALIAS] = table
    query.alias_refcount[ALIAS] = 1
    query.table_map.setdefault(ALIAS, [ALIAS])
    return joined


class Keys(Expression):
    """The keys of the hits as a sub-select."""

    output_field = FloatField()

    def __init__(self, sql, params):
        super().__init__()
        self.sql, self.params = sql, params

    def as_sql(self, compiler, connection):
        return f"(SELECT key FROM ({self.sql}) {ALIAS})", list(self.params)


class In(Lookup):
    """``key IN (keys)``, written out: Django's own ``in`` wants a queryset."""

    lookup_name = "in_hits"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        key, key_params = self.process_lhs(compiler, connection)
        keys, keys_params = compiler.compile(self.rhs)
        return f"{key} IN {keys}", [*key_params, *keys_params]
