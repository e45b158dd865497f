from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from search.lexicon import store
from search.models import Term


@receiver([post_save, post_delete], sender=Term, dispatch_uid="search_lexicon_stamp")
def term_changed(**kwargs):
    store.stamp()
