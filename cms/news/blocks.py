"""What a story's body is made of. Each block tells editors what it is for and shows itself."""

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import RichText


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("小标题"), max_length=60)

    class Meta:
        icon = "title"
        label = _("小标题")
        template = "news/blocks/heading.html"
        preview_value = {"text": "哪些情形可以认定为工伤"}
        description = _("把长稿分成几节，读者可以跳着看。")


class ProseBlock(blocks.RichTextBlock):
    """Text with markup. Markup without a word in it is no text: whoever sends the story in is told
    so, not the reviewer who wants to pass it."""

    def value_from_form(self, value):
        text = super().value_from_form(value)
        return text if strip_tags(text.source).strip() else RichText("")


class ParagraphBlock(ProseBlock):
    class Meta:
        icon = "pilcrow"
        label = _("正文段落")
        template = "news/blocks/paragraph.html"
        preview_value = "<p>工资应当以货币形式<b>按月</b>支付给劳动者本人。</p>"
        description = _("文字、加粗、列表和链接。")


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("图片"))
    alt = blocks.CharBlock(
        label=_("图片描述"),
        max_length=120,
        help_text=_("给看不见图片的人：图里有什么。"),
    )
    caption = blocks.CharBlock(label=_("图片说明"), max_length=120, required=False)

    class Meta:
        icon = "image"
        label = _("图片")
        template = "news/blocks/image.html"
        description = _("一张带说明的图片，描述文字必填。")


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("引语"), max_length=300)
    attribution = blocks.CharBlock(label=_("谁说的"), max_length=60, required=False)

    class Meta:
        icon = "openquote"
        label = _("引语")
        template = "news/blocks/quote.html"
        preview_value = {"text": "有工会在，心里踏实。", "attribution": "快递员 李师傅"}
        description = _("把一句话单独突出。")


class LawCitationBlock(blocks.StructBlock):
    law = blocks.CharBlock(label=_("法律或规定"), max_length=80)
    article = blocks.CharBlock(label=_("条款"), max_length=40, help_text=_("例如：第三十八条"))
    text = blocks.TextBlock(label=_("条文"), max_length=2000)

    class Meta:
        icon = "clipboard-list"
        label = _("法条引用")
        template = "news/blocks/law_citation.html"
        preview_value = {
            "law": "中华人民共和国劳动合同法",
            "article": "第三十条第一款",
            "text": "用人单位应当按照劳动合同约定和国家规定，向劳动者及时足额支付劳动报酬。",
        }
        description = _("引用条文原文，注明法律名称和条款。")


class QABlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("问"), max_length=120)
    answer = ProseBlock(label=_("答"))

    class Meta:
        icon = "help"
        label = _("一问一答")
        template = "news/blocks/qa.html"
        preview_value = {
            "question": "试用期可以不签合同吗？",
            "answer": "<p>不可以。自用工之日起一个月内应当订立书面劳动合同。</p>",
        }
        description = _("职工常问的一个问题和直接的回答。")


class StoryTableBlock(TableBlock):
    class Meta:
        icon = "table"
        label = _("表格")
        template = "news/blocks/table.html"
        preview_value = {
            "first_row_is_table_header": True,
            "first_col_is_header": False,
            "table_caption": "病假期限",
            "data": [["工龄", "医疗期"], ["5 年以下", "3 个月"]],
        }
        description = _("简单的表格，第一行可作表头。")


class AttachmentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("文件"))
    title = blocks.CharBlock(label=_("显示名称"), max_length=80, required=False)

    class Meta:
        icon = "doc-full"
        label = _("附件")
        template = "news/blocks/attachment.html"
        description = _("供下载的文件，例如申请表。")


class VideoBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("视频标题"), max_length=80)
    url = blocks.URLBlock(label=_("视频地址"), help_text=_("视频所在网页的网址。"))
    cover = ImageChooserBlock(label=_("封面"), required=False)

    class Meta:
        icon = "media"
        label = _("视频")
        template = "news/blocks/video.html"
        preview_value = {
            "title": "三分钟看懂工伤认定",
            "url": "https://example.com/video",
        }
        description = _("以封面和链接呈现，点开后到视频所在网页观看，不占用本站流量。")


class PollBlock(blocks.StructBlock):
    # Named by string: polls live in a room above this one.
    poll = blocks.PageChooserBlock(label=_("投票"), page_type="interactions.PollPage")

    class Meta:
        icon = "tick-inverse"
        label = _("投票")
        template = "news/blocks/poll.html"
        description = _("把一个已发布的投票放进稿件里。")


class PollResultBlock(blocks.StructBlock):
    poll = blocks.PageChooserBlock(label=_("投票"), page_type="interactions.PollPage")

    class Meta:
        icon = "table"
        label = _("投票结果")
        template = "news/blocks/poll_result.html"
        description = _("列出一个投票的结果。还没到公布的时候，只写明何时公布。")


class RelatedBlock(blocks.StructBlock):
    stories = blocks.ListBlock(
        blocks.PageChooserBlock(
            page_type=["news.PolicyPage", "news.LegalPage", "news.ActivityPage"]
        ),
        label=_("稿件"),
        max_num=5,
    )

    class Meta:
        icon = "link"
        label = _("延伸阅读")
        template = "news/blocks/related.html"
        description = _("列出几篇相关的旧稿。")


class BodyBlock(blocks.StreamBlock):
    heading = HeadingBlock(group=_("文字"))
    paragraph = ParagraphBlock(group=_("文字"))
    quote = QuoteBlock(group=_("文字"))
    qa = QABlock(group=_("文字"))
    law_citation = LawCitationBlock(group=_("文字"))
    table = StoryTableBlock(group=_("图表"))
    image = ImageBlock(group=_("图表"))
    video = VideoBlock(group=_("图表"))
    attachment = AttachmentBlock(group=_("其他"))
    poll = PollBlock(group=_("其他"))
    poll_result = PollResultBlock(group=_("其他"))
    related = RelatedBlock(group=_("其他"))

    class Meta:
        block_counts = {
            "poll": {"max_num": 3},
            "poll_result": {"max_num": 3},
            "related": {"max_num": 1},
        }
