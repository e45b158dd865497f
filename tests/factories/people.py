"""People and unions."""

from itertools import count

from django.utils import timezone

from cms.members.models import Consent, Level, Role, Union, User
from cms.members.services import consent_give, membership_grant

PASSWORD = "工会里的人都知道"

_numbers = count(1)


def make_union(name: str = "", *, parent: Union | None = None, level: str = Level.CITY) -> Union:
    """A union below `parent`, or at the top of the tree."""
    number = next(_numbers)
    fields = {"name": name or f"第{number}市总工会", "slug": f"union-{number}", "level": level}
    return parent.add_child(**fields) if parent else Union.add_root(**fields)


def make_user(
    nickname: str = "", *, superuser: bool = False, consent: bool = True, **fields
) -> User:
    """An active worker who may speak: verified, agreed to the rules. The password is PASSWORD."""
    number = next(_numbers)
    make = User.objects.create_superuser if superuser else User.objects.create_user
    user = make(
        username=fields.pop("username", f"person-{number}"),
        password=PASSWORD,
        nickname=nickname or f"职工{number}",
        phone=fields.pop("phone", f"138{number:08d}"),
        phone_verified_at=fields.pop("phone_verified_at", timezone.now()),
        **fields,
    )
    if consent:
        consent_give(user=user, kind=Consent.Kind.RULES)
    return user


def grant(user: User, role: Role, union: Union) -> User:
    """Give `user` a role and return the person as the next request would load them."""
    membership_grant(user=user, union=union, role=role)
    return User.objects.get(pk=user.pk)
