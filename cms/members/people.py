"""Wagtail's list of people, searched by what people are known by here."""

from wagtail.users.views.users import IndexView, UserViewSet


class PeopleIndexView(IndexView):
    search_fields = ("nickname", "last_name", "first_name", "phone", "username")


class PeopleViewSet(UserViewSet):
    index_view_class = PeopleIndexView
