"""Many public comments at once, as reviewed ones stand in the database."""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from cms.interactions import words
from cms.interactions.models import UnionComment
from cms.interactions.services.showing import threads_count


def public_comments(page, users, texts, *, every_nth_answers: int = 0) -> list[UnionComment]:
    """One comment for each of `texts`, by `users` in turn, a minute apart and the last one now.

    With `every_nth_answers` = 3, every third is an answer to the one before.
    """
    content_type = ContentType.objects.get_for_model(page)
    made: list[UnionComment] = []
    now = timezone.now()
    for place, text in enumerate(texts):
        user = users[place % len(users)]
        comment = UnionComment(
            content_type=content_type,
            object_pk=str(page.pk),
            story_id=page.pk,
            site_id=settings.SITE_ID,
            user=user,
            user_name=user.display_name,
            shown_name=str(user.display_name)[:20],
            comment=text,
            body_html=words.as_html(text),
            submit_date=now - timedelta(minutes=len(texts) - place),
            is_public=True,
            shown=True,
        )
        if every_nth_answers and place % every_nth_answers == every_nth_answers - 1:
            comment.parent_id = made[-1].thread_id
        comment.save()
        made.append(comment)
    threads_count(UnionComment.norel_objects.filter(pk__in=[comment.pk for comment in made]))
    return made
