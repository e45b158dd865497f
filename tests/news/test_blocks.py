"""What a block of a story's body takes for an answer."""

import pytest
from django.core.exceptions import ValidationError

from cms.news.blocks import ParagraphBlock, QABlock


@pytest.mark.parametrize("block", [ParagraphBlock(), QABlock().child_blocks["answer"]])
@pytest.mark.parametrize("markup", ["", "<p></p>", '<p data-block-key="a"> <b></b>\n</p>'])
def test_a_text_of_markup_alone_is_not_sent_in(block, markup):
    given = block.value_from_form(markup)
    with pytest.raises(ValidationError):
        block.clean(given)


def test_an_empty_paragraph_may_be_saved_in_a_draft():
    block = ParagraphBlock()
    assert block.clean_deferred(block.value_from_form("<p></p>")).source == ""


def test_a_paragraph_with_a_word_stays_as_it_is():
    block = ParagraphBlock()
    source = '<p data-block-key="a">到<b>窗口</b>办</p>'
    assert block.clean(block.value_from_form(source)).source == source
