"""Unions, the people who run the newsroom, and the workers who talk back."""

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from cms.demo import content
from cms.members import rules
from cms.members.models import Consent, Role, Union, User
from cms.members.services import membership_grant

PASSWORD = "rongmei-demo"
STAFF = (
    ("editor", "林", "晓雯", Role.EDITOR),
    ("first", "陈", "禾", Role.FIRST_REVIEWER),
    ("second", "周", "敏", Role.SECOND_REVIEWER),
    ("final", "方", "志远", Role.FINAL_REVIEWER),
    ("moderator", "何", "静", Role.MODERATOR),
    ("manager", "郑", "岩", Role.MANAGER),
)
NEWSROOM = "jiangzhou"
FIRST_PHONE = 13900000001


def load_unions() -> dict[str, Union]:
    """The union tree; returns it by slug."""
    unions = {union.slug: union for union in Union.objects.all()}
    for row in content.unions():
        if row["slug"] in unions:
            continue
        fields = {
            "slug": row["slug"],
            "name": row["name"],
            "level": row["level"],
            "member_count": row["members"],
        }
        # Fetched afresh: adding a child moves counters in the parent's row.
        parent = Union.objects.get(slug=row["parent"]) if row["parent"] else None
        made = parent.add_child(**fields) if parent else Union.add_root(**fields)
        unions[row["slug"]] = made
    return {union.slug: union for union in Union.objects.all()}


def load_staff(unions: dict[str, Union]) -> dict[str, User]:
    """One person for each role, and an administrator; returns them by login."""
    staff = {}
    secret = make_password(PASSWORD)
    for login, family, given, role in STAFF:
        user, _made = User.objects.get_or_create(
            username=login,
            defaults={
                "last_name": family,
                "first_name": given,
                "nickname": f"工会{role.label}",
                "password": secret,
            },
        )
        membership_grant(user=user, union=unions[NEWSROOM], role=role)
        staff[login] = user
    staff["admin"], _made = User.objects.get_or_create(
        username="admin",
        defaults={
            "last_name": "",
            "first_name": "管理员",
            "password": secret,
            "is_staff": True,
            "is_superuser": True,
        },
    )
    return staff


def load_workers() -> dict[str, User]:
    """The workers, who sign in with phone numbers from 13900000001 on; returns them by id."""
    rows = content.workers()
    names = {f"worker-{row['id']}": row["id"] for row in rows}
    secret = make_password(PASSWORD)
    unions = dict(Union.objects.values_list("slug", "pk"))
    User.objects.bulk_create(
        [
            User(
                username=f"worker-{row['id']}",
                union_id=unions.get(row["union"]),
                nickname=row["nickname"],
                phone=str(FIRST_PHONE + number),
                phone_verified_at=timezone.now(),
                password=secret,
            )
            for number, row in enumerate(rows)
        ],
        ignore_conflicts=True,
    )
    workers = User.objects.filter(username__in=names)
    workers.filter(phone_verified_at=None).update(phone_verified_at=timezone.now())
    Consent.objects.bulk_create(
        [
            Consent(user=worker, kind=Consent.Kind.RULES, version=rules.VERSION)
            for worker in workers
        ],
        ignore_conflicts=True,
    )
    return {names[user.username]: user for user in workers}
