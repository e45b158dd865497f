"""Feeds as old sites really send them: GBK unannounced, odd dates, stray bytes, relative links."""

from flask import Blueprint, Response

DATES = (
    "2024年05月01日 08:30",
    "2024/05/01 08:30",
    "1714523400",
    "Wed, 01 May 2024 08:30:00 CST",
    "2024-05-01",
    "",
)
TITLES = (
    "关于做好节日期间困难职工走访慰问工作的通知",
    "全市工会系统财务业务培训班举办",
    "“安康杯”竞赛活动启动，二百家企业参加",
    "职工书屋图书捐赠倡议书",
    "女职工权益保护专项集体合同签订率提升",
    "市总工会机关开展消防安全演练",
)


def register(blueprint: Blueprint) -> None:
    blueprint.get("/gbk.xml")(gbk)
    blueprint.get("/gbk-wrong.xml")(gbk_wrong)


def gbk() -> Response:
    """GBK that says nothing of its encoding."""
    return _feed('<?xml version="1.0"?>')


def gbk_wrong() -> Response:
    """GBK that says it is UTF-8."""
    return _feed('<?xml version="1.0" encoding="utf-8"?>')


def _feed(declaration: str) -> Response:
    items = "".join(
        _item(n, title, date) for n, (title, date) in enumerate(zip(TITLES, DATES, strict=True), 1)
    )
    body = (
        f'{declaration}\n<rss version="2.0"><channel><title>临江区总工会 通知公告</title>'
        f"<link>/feeds/</link><description>通知公告</description>{items}</channel></rss>"
    )
    return Response(body.encode("gbk"), content_type="text/xml")


def _item(number: int, title: str, date: str) -> str:
    """Odd items have no guid; the second hides a script; the third holds bytes XML forbids."""
    guid = "" if number % 2 else f"<guid>linjiang-{number}</guid>"
    script = "<script>alert(1)</script>" if number == 2 else ""
    stray = "\x00\x0b" if number == 3 else ""
    date_element = f"<pubDate>{date}</pubDate>" if date else ""
    return (
        f"<item><title>{title}{stray}</title><link>../feeds/item/{number}</link>{guid}{date_element}"
        f'<description><![CDATA[{script}<p onclick="steal()">{title}。具体安排见正文。</p>'
        f'<img src="/feeds/picture/{number}.png">]]></description></item>'
    )
