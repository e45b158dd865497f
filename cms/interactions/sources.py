"""Where a voter came from: the channel whose link says so (?from=wechat)."""

from urllib.parse import parse_qs, urlsplit

CHANNELS = ("wechat", "weibo")


def came_from(request) -> str:
    """The channel; "" for the site.

    Asked of the form, of the address, then of the page that holds the box or the link: kept pages
    are the same for all, so that only the browser still knows how it came to them.
    """
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    try:
        beside = parse_qs(urlsplit(page).query).get("from", [""])[0]
    except ValueError:  # An address that nobody could have followed.
        beside = ""
    told = request.POST.get("from") or request.GET.get("from") or beside
    return told if told in CHANNELS else ""
