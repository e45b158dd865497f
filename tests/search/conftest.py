import pytest
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from search import lexicon
from search.lexicon import base

TITLES = [
    "南京长江大桥建设者获评全国五一劳动奖章",
    "高温补贴发放标准公布，户外劳动者请查收",
    "工会法律援助为农民工追回欠薪28万元",
    "新就业形态劳动者权益保障AI问答上线",
]


@pytest.fixture(autouse=True)
def shipped_words():
    """The words of the files, whatever an earlier test put into the table."""
    before = lexicon._source
    lexicon.use(base.from_files)
    yield
    lexicon.use(before)


@pytest.fixture
def add_page(db):
    """`add_page(title)` publishes a plain page under the root and has it indexed."""
    root = Page.get_first_root_node()
    content_type = ContentType.objects.get_for_model(Page)

    def add(title, **fields):
        number = Page.objects.count()
        page = Page(title=title, slug=f"p{number}", content_type=content_type, live=True, **fields)
        return root.add_child(instance=page)

    return add


@pytest.fixture
def pages(add_page, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return [add_page(title) for title in TITLES]
