"""A story as the newsroom hands it to a channel."""

import io

from PIL import Image

from cms.matrix.channels.base import Picture, Story

BODY = """
<p>今年夏天，高温津贴<strong>按月发放</strong>，见<a href="https://example.org/rule?a=1&amp;b=2">规定</a>。</p>
<h2>谁能领</h2>
<ul><li>露天作业的职工</li><li>室内温度达到 33℃ 的职工<ul><li>厨师</li></ul></li></ul>
<ol start="3"><li>向工会反映</li><li>拨打 12351</li></ol>
<figure><img data-picture="11" alt="工地上的&quot;清凉站&quot;"/>
<figcaption>工地清凉站</figcaption></figure>
<blockquote><p>用人单位应当发放高温津贴。</p></blockquote>
<table><tr><th>月份</th><th>标准</th></tr><tr><td colspan="2">300 元</td></tr></table>
<p>上一篇：<a href="https://mp.weixin.qq.com/s?__biz=a&amp;mid=1">往期解读</a></p>
"""


def image_bytes(kind: str = "PNG", size: tuple[int, int] = (40, 30), noise: bool = False) -> bytes:
    """A small picture, or an incompressible one."""
    image = Image.effect_noise(size, 120).convert("RGB") if noise else Image.new("RGB", size, "red")
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def make_picture(key: str = "11", content_type: str = "image/png", data: bytes = b"") -> Picture:
    """A picture whose file name is Chinese, as editors name them."""
    content = data or image_bytes()
    return Picture(key, f"图片{key}.png", content_type, "说明", lambda: content)


def make_story(**changes) -> Story:
    """A story with a cover, one picture, lists, a table and links."""
    values = {
        "id": 12,
        "title": "高温津贴怎么领",
        "summary": "六月起，露天作业的职工每月可以领取高温津贴。没有领到怎么办？工会告诉你三步。",
        "author": "王小明",
        "source": "市总工会",
        "url": "https://union.example.cn/policy/heat/",
        "body_html": BODY,
        "cover": make_picture("cover-9"),
        "pictures": (make_picture("11"),),
        "tags": ("高温津贴",),
        "section": "政策解读",
        "published_on": "2026-06-01",
    }
    return Story(**{**values, **changes})


def pictures_of(story: Story) -> dict[str, Picture]:
    """All pictures of a story by key."""
    found = {picture.key: picture for picture in story.pictures}
    return {**found, story.cover.key: story.cover} if story.cover else found
