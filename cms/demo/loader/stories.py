"""Stories and polls: written by the editor, passed by three reviewers, dated back."""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision, TaskState, WorkflowState

from cms.demo import content
from cms.demo.loader.clock import moment, planned
from cms.interactions.models import PollOption, PollPage
from cms.matrix.models import ChannelAccount, ChannelVersion
from cms.members.models import User
from cms.news.models import (
    ActivityPage,
    CustomDocument,
    CustomImage,
    LegalPage,
    PolicyPage,
    SectionPage,
)
from cms.news.models.review import ReviewedPage
from cms.news.services import card_refresh, story_review, story_submit

OPINIONS = ("来源可靠，文字通顺，同意。", "政策表述准确，条文已核对，同意。", "同意签发。")
SIMPLE = {
    PolicyPage: ("issuer", "document_number", "effective_on"),
    LegalPage: ("law_name", "law_articles", "valid_from", "valid_until"),
    ActivityPage: ("place", "capacity"),
}
MODELS = {"policy": PolicyPage, "legal": LegalPage, "activity": ActivityPage}


class StoryLoader:
    """Puts the stories on the site in the order of their dates."""

    def __init__(
        self,
        staff: dict[str, User],
        sections: dict[str, SectionPage],
        pictures: dict[str, CustomImage],
        accounts: dict[str, ChannelAccount],
    ):
        self.staff, self.sections = staff, sections
        self.pictures, self.accounts = pictures, accounts
        self.pages = self._stored()

    def _stored(self) -> dict[str, Page]:
        slugs = {row["slug"] for row in [*content.stories(), *content.polls()]}
        return {page.slug: page for page in Page.objects.filter(slug__in=slugs)}

    def load(self) -> dict[str, Page]:
        """Drafts first, because stories link to polls and to each other; then all through 三审."""
        polls = sorted(content.polls(), key=lambda row: -row["days_ago"])
        stories = sorted(content.stories(), key=lambda row: -row["days_ago"])
        for rows, make in ((polls, self._poll), (stories, self._story)):
            for row in rows:
                if row["slug"] not in self.pages:
                    self._draft(row, make(row))
        passed = [row for row in [*polls, *stories] if self._publish(row)]
        for row in passed:  # Once more, now that all neighbours are public.
            card_refresh(page=self.pages[row["slug"]])
        return self._stored()

    def _draft(self, row: dict, page: ReviewedPage) -> None:
        Page.objects.get(pk=self.sections[row["section"]].pk).add_child(instance=page)
        page.save_revision(user=self.staff["editor"])
        self.pages[row["slug"]] = page

    def _publish(self, row: dict) -> bool:
        page = self.pages[row["slug"]].specific
        if page.live:
            return False
        related = next((p["stories"] for p in row.get("body", []) if p["type"] == "related"), [])
        if related:
            page.body.append(("related", {"stories": [self.pages[slug] for slug in related]}))
            page.save_revision(user=self.staff["editor"])
        pass_review(page, self.staff)
        date_back(page, moment(row["days_ago"]))
        return True

    def _poll(self, row: dict) -> PollPage:
        poll = PollPage(
            title=row["title"],
            slug=row["slug"],
            summary=row["intro"],
            choice=row["kind"],
            min_choices=row.get("min_choices", 1),
            max_choices=row.get("max_choices", 1),
            secrecy=row.get("secrecy", PollPage.Secrecy.SECRET),
            answer=row.get("answer_html", ""),
            opens_at=planned(row["opens"]),
            closes_at=planned(row["closes"]),
            results=row["results_visible"],
            owner=self.staff["editor"],
            live=False,
        )
        poll.options = [
            PollOption(text=text, sort_order=order) for order, text in enumerate(row["options"])
        ]
        return poll

    def _story(self, row: dict) -> ReviewedPage:
        model = MODELS[row["kind"]]
        page = model(
            title=row["title"],
            slug=row["slug"],
            summary=row["summary"],
            cover=self.pictures[row["cover"]],
            responsible_editor=row["responsible_editor"],
            is_reprint=row.get("is_reprint", False),
            source_name=row["source_name"],
            source_url=row.get("source_url", ""),
            original_title=row.get("original_title", ""),
            original_author=row.get("original_author", ""),
            body=[block for part in row["body"] if (block := self._block(part))],
            owner=self.staff["editor"],
            live=False,
            **{name: row[name] for name in SIMPLE[model] if name in row},
        )
        if model is ActivityPage:
            page.starts_at, page.ends_at = planned(row["starts"]), planned(row["ends"])
            page.signup_opens_at = planned(row.get("signup_opens"))
            page.signup_closes_at = planned(row.get("signup_closes"))
        if "effective_days_ago" in row:
            page.effective_on = timezone.localdate() - timedelta(days=row["effective_days_ago"])
        page.tags.add(*row["tags"])
        page.channel_versions = [
            ChannelVersion(account=self.accounts[key], sort_order=order)
            for order, key in enumerate(row.get("accounts", []))
        ]
        return page

    def _block(self, part: dict) -> tuple | None:
        """One block of the body; related stories are linked when all stories are there."""
        match part["type"]:
            case "heading":
                return "heading", {"text": part["text"]}
            case "paragraph":
                return "paragraph", _paragraph(part["html"])
            case "quote":
                return "quote", {"text": part["text"], "attribution": part["attribution"]}
            case "law_citation":
                fields = ("law", "article", "text")
                return "law_citation", {name: part[name].strip() for name in fields}
            case "qa":
                answer = _paragraph(part["answer_html"])
                return "qa", {"question": part["question"], "answer": answer}
            case "table":
                return "table", _table(part)
            case "image":
                image = self.pictures[part["picture"]]
                return "image", {
                    "image": image,
                    "alt": part["alt"],
                    "caption": part["caption"],
                }
            case "poll":
                return "poll", {"poll": self.pages[part["poll"]]}
            case "attachment":
                return "attachment", {"document": _document(part), "title": part["title"]}
        return None


def _paragraph(html: str) -> str:
    return html if html.lstrip().startswith("<") else f"<p>{html}</p>"


def _table(part: dict) -> dict:
    header = [part["header_row"]] if part.get("header_row") else []
    return {
        "data": [*header, *part["rows"]],
        "first_row_is_table_header": bool(header),
        "first_col_is_header": False,
        "table_caption": part.get("caption", ""),
        "table_header_choice": "row" if header else "neither",
        "cell": [],
        "mergeCells": [],
    }


def _document(part: dict) -> CustomDocument:
    document = CustomDocument.objects.filter(title=part["title"]).first()
    if document is None:
        document = CustomDocument(title=part["title"])
        text = part.get("content", part["title"])
        document.file.save(part["filename"], ContentFile(text.encode("utf-8-sig")), save=False)
        document.save()
    return document


@transaction.atomic
def pass_review(page: ReviewedPage, staff: dict[str, User]) -> None:
    """初审, 复审 and 终审 by three people, each with an opinion."""
    story_submit(page=page, user=staff["editor"])
    for login, opinion in zip(("first", "second", "final"), OPINIONS, strict=True):
        fresh = type(page).objects.get(pk=page.pk)
        story_review(page=fresh, user=staff[login], approve=True, opinion=opinion)


def date_back(page: ReviewedPage, when: datetime) -> None:
    """Make the demo story as old as it says: a demo has a past, a real story's date never moves."""
    Page.objects.filter(pk=page.pk).update(
        first_published_at=when, last_published_at=when, latest_revision_created_at=when
    )
    Revision.objects.for_instance(page).update(created_at=when)
    states = WorkflowState.objects.for_instance(page)
    states.update(created_at=when)
    TaskState.objects.filter(workflow_state__in=states).update(started_at=when, finished_at=when)
    card_refresh(page=page)
