import pytest

from cms.matrix.sandbox.wechat import sanitiser

RULES = sanitiser.Rules(
    picture_base="http://p.test/mmbiz/", article_base="http://p.test/s", dissolve_div=True
)
MINE = "http://p.test/mmbiz/x/0"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<p>a</p><script>alert(1)</script>", "<p>a</p>"),
        ("<style>p{color:red}</style><p class='x' id='y'>a</p>", "<p>a</p>"),
        ("<p onclick='steal()'>a</p>", "<p>a</p>"),
        ('<p style="position: fixed; color: red">a</p>', '<p style="color: red;">a</p>'),
        ('<p style="font-family:&quot;Song&quot;">a</p>', '<p style="">a</p>'),
        ('<img src="http://elsewhere.test/a.png">', ""),
        (f'<img src="{MINE}" alt="图">', f'<img data-src="{MINE}" alt="图">'),
        ('<a href="https://elsewhere.test/">去</a>', "去"),
        (
            '<a href="http://mp.weixin.qq.com/s?__biz=1">往期</a>',
            '<a href="http://mp.weixin.qq.com/s?__biz=1">往期</a>',
        ),
        ('<a href="http://p.test/s?mid=1">往期</a>', '<a href="http://p.test/s?mid=1">往期</a>'),
        (
            '<div style="color: red; padding: 4px">a</div>',
            '<p style="color: red;">a</p>',
        ),
        ("<div><section>a</section></div>", "<section>a</section>"),
        ('<section style="padding: 4px">a</section>', '<section style="padding: 4px;">a</section>'),
        ('<p>it\'s "so"</p>', "<p>it&#39;s &quot;so&quot;</p>"),
        ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<blink>a</blink>", "a"),
        ("<p>open <b>never closed", "<p>open <b>never closed</b></p>"),
    ],
)
def test_html_as_the_platform_keeps_it(sent, kept):
    assert sanitiser.clean(sent, RULES) == kept


def test_div_survives_where_the_account_is_set_so():
    rules = sanitiser.Rules(RULES.picture_base, RULES.article_base, dissolve_div=False)
    assert sanitiser.clean('<div style="padding: 1px">a</div>', rules) == (
        '<div style="padding: 1px;">a</div>'
    )


def test_url_with_semicolons_stays_one_declaration():
    sent = f'<section style="background: url({MINE}?a;b); color: red">a</section>'
    assert sanitiser.clean(sent, RULES) == (
        f'<section style="background: url({MINE}?a;b); color: red;">a</section>'
    )


def test_endless_nesting_is_flattened_not_followed():
    assert sanitiser.plain_text("<section>" * 5000 + "底") == "底"


def test_iframe_and_form_are_refused_outright():
    assert sanitiser.refused("<IFRAME src=x>")
    assert sanitiser.refused("<p>a</p>< form>")
    assert not sanitiser.refused("<p>formula</p>")


def test_foreign_links_are_found():
    assert sanitiser.has_foreign_link('<a href="https://elsewhere.test/">a</a>', RULES)
    assert not sanitiser.has_foreign_link('<a href="http://p.test/s?mid=1">a</a>', RULES)
