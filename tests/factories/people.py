"""People and unions."""

from itertools import count

from cms.members.models import Level, Role, Union, User
from cms.members.services import membership_grant

PASSWORD = "工会里的人都知道"

_numbers = count(1)


def make_union(name: str = "", *, parent: Union | None = None, level: str = Level.CITY) -> Union:
    """A union below `parent`, or at the top of the tree."""
    number = next(_numbers)
    fields = {"name": name or f"第{number}市总工会", "slug": f"union-{number}", "level": level}
    return parent.add_child(**fields) if parent else Union.add_root(**fields)


def make_user(nickname: str = "", *, superuser: bool = False, **fields) -> User:
    """An active worker with a phone number; the password is PASSWORD."""
    number = next(_numbers)
    make = User.objects.create_superuser if superuser else User.objects.create_user
    return make(
        username=fields.pop("username", f"person-{number}"),
        password=PASSWORD,
        nickname=nickname or f"职工{number}",
        phone=fields.pop("phone", f"138{number:08d}"),
        **fields,
    )


def grant(user: User, role: Role, union: Union) -> User:
    """Give `user` a role and return the person as the next request would load them."""
    membership_grant(user=user, union=union, role=role)
    return User.objects.get(pk=user.pk)
