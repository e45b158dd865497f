from django.core.management.base import BaseCommand

from search.lexicon.services import lexicon_seed


class Command(BaseCommand):
    help = "Add the words that ship with the package and that the lexicon lacks; safe to repeat."

    def handle(self, **options):
        version = lexicon_seed()
        number = len(version.changes) if version else 0
        self.stdout.write(f"词库新增 {number} 个随程序附带的词语。")
