"""Mass send: drafts and texts pushed to followers, queued, told by MASSSENDJOBFINISH (§8)."""

import json

from ..accounts import WeChatAccount
from ..box import Box
from . import articles, callbacks, drafts, envelopes, fans, mass_rules
from .endpoints import OK, Call, endpoint
from .errors import WeChatError

WAITING, SENDING, SUCCESS, FAIL, DELETED = (
    "WAITING", "SENDING", "SEND_SUCCESS", "SEND_FAIL", "DELETE",
)  # fmt: skip
CONFIRM_WITHIN = 30 * 60
REFUSED, TIMED_OUT = "err(40001)", "err(40002)"


@endpoint("/cgi-bin/message/mass/sendall", certified_only=True)
def sendall(call: Call) -> dict:
    chosen = call.body.get("filter")
    if not isinstance(chosen, dict):
        raise WeChatError(47001)
    to_all = chosen.get("is_to_all") is True
    tag_id = None if to_all else chosen.get("tag_id")
    if not to_all and tag_id not in call.account.tags:
        raise WeChatError(40152)
    return _submit(call, to_all=to_all, recipients={"tag_id": tag_id})


@endpoint("/cgi-bin/message/mass/send", certified_only=True, service_only=True)
def send(call: Call) -> dict:
    touser = call.body.get("touser")
    if not isinstance(touser, list) or not all(isinstance(openid, str) for openid in touser):
        raise WeChatError(40031)
    if len(touser) < 2:
        raise WeChatError(40130)
    if len(touser) > mass_rules.MOST_RECIPIENTS:
        raise WeChatError(40032)
    if any(fans.known(call.box, call.account, openid) is None for openid in touser):
        raise WeChatError(40031)
    return _submit(call, to_all=False, recipients={"touser": touser})


def _submit(call: Call, *, to_all: bool, recipients: dict) -> dict:
    box, account = call.box, call.account
    mass_rules.check_pace(box, account)
    client_id = mass_rules.client_id(call)
    with box.store.transaction():
        mass_rules.refuse_repetition(box, account, client_id)
        msgtype, media_id, content = mass_rules.message(call)
        mass_rules.check_period(box, account, to_all=to_all)
        needs_confirmation = account.mass_protection and to_all
        if needs_confirmation and _waiting(box, account):
            raise WeChatError(89505)
        msg_id = box.store.next_id("mass_msg_id", 1_000_000_001)
        msg_data_id = articles.next_msg_data_id(box)
        fault = call.fault
        failing = fault is not None and fault.effect == "mass_result"
        result = fault.params.get("result", "send fail") if failing else "send success"
        box.store.execute(
            "insert into wx_mass (msg_id, app_id, msg_data_id, msgtype, media_id, content, to_all,"
            " recipients, state, result, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(msg_id, account.app_id, msg_data_id, msgtype, media_id, content, to_all),
            *(json.dumps(recipients), WAITING if needs_confirmation else SENDING, result),
            box.clock.now(),
        )
        mass_rules.remember(box, account, client_id, msg_id)
        if media_id:
            drafts.take_out(box, media_id, msg_id)
        delay = CONFIRM_WITHIN if needs_confirmation else account.publish_delay
        box.jobs.add("mass", {"msg_id": msg_id, "waited": needs_confirmation}, delay)
    if needs_confirmation:
        raise WeChatError(89504)
    ids = {"msg_id": msg_id, "msg_data_id": msg_data_id}
    if fault is not None and fault.effect == "late":
        # Reported by a user: the id was new and the message went out, yet the answer says 45065.
        raise WeChatError(45065, extra=ids)
    return {"errcode": 0, "errmsg": "send job submission success"} | ids


def settle_waiting(box: Box, account: WeChatAccount, msg_id, confirmed: bool) -> bool:
    """The administrator's word on a send that waits for it; False when none waits."""
    with box.store.transaction():
        job = _waiting(box, account)
        if job is None or msg_id not in (None, job["msg_id"]):
            return False
        result = job["result"] if confirmed else REFUSED
        box.store.execute(
            "update wx_mass set state = ?, result = ? where msg_id = ?",
            *(SENDING, result, job["msg_id"]),
        )
        box.jobs.add("mass", {"msg_id": job["msg_id"]}, account.publish_delay)
    return True


def finish(box: Box, payload: dict) -> None:
    """The send job. ``waited``: the time to confirm it is over."""
    with box.store.transaction():
        state = WAITING if payload.get("waited") else SENDING
        job = box.store.row(
            "select * from wx_mass where msg_id = ? and state = ?", payload["msg_id"], state
        )
        account = job and box.accounts.get("wechat", job["app_id"])
        if not account:
            return
        result = TIMED_OUT if state == WAITING else job["result"]
        rows, total, reached = [], 0, []
        if result == "send success":
            total, reached = _reach(box, account, job)
            rows = _send_out(box, account, job, reached)
        elif job["media_id"]:
            drafts.put_back(box, job["media_id"])
        box.store.execute(
            "update wx_mass set state = ?, result = ?, sent = ?, recipients = ? where msg_id = ?",
            *(SUCCESS if result == "send success" else FAIL, result, len(reached)),
            *(json.dumps({"reached": reached}), job["msg_id"]),
        )
        links = articles.links(box, account, rows) if account.mass_event_urls else []
        xml = envelopes.mass_send_xml(job["msg_id"], result, total, len(reached), links)
        callbacks.queue(box, account, "MASSSENDJOBFINISH", xml)


def _reach(box: Box, account: WeChatAccount, job) -> tuple[int, list[str]]:
    """(how many were meant, who may get it)."""
    recipients = json.loads(job["recipients"])
    meant = recipients.get("touser") or fans.followers(box, account, recipients.get("tag_id"))
    meant = [openid for openid in meant if fans.follows(box, openid)]
    return len(meant), mass_rules.not_tired(box, account, meant)


def _send_out(box: Box, account: WeChatAccount, job, reached: list[str]) -> list:
    if not job["media_id"]:
        for openid in reached:
            fans.chat.record(box, account, openid, job["content"], from_fan=False)
        return []
    articles.put_online(
        box,
        account,
        drafts.consume(box, job["media_id"]),
        mid=job["msg_data_id"],
        article_id=articles.new_article_id(),
        how="mass",
        media_id=job["media_id"],
    )
    rows = articles.of_mid(box, job["msg_data_id"])
    fans.show_articles(box, account, reached, rows)
    return rows


def _waiting(box: Box, account: WeChatAccount):
    return box.store.row(
        "select * from wx_mass where app_id = ? and state = ?", account.app_id, WAITING
    )


def waiting(box: Box, account: WeChatAccount) -> list:
    """Sends that wait for the administrator, for the console."""
    job = _waiting(box, account)
    return [] if job is None else [job]


@endpoint("/cgi-bin/message/mass/get", certified_only=True)
def get(call: Call) -> dict:
    job = _job(call)
    state = SENDING if job["state"] == WAITING else job["state"]
    return {"msg_id": job["msg_id"], "msg_status": state}


@endpoint("/cgi-bin/message/mass/delete", certified_only=True)
def delete(call: Call) -> dict:
    """Takes the pages down; the cards in readers' chats stay."""
    if "url" in call.body:
        return _delete_by_url(call)
    job, index = _job(call), call.number("article_idx", 0)
    if job["state"] not in {SUCCESS, DELETED} or not job["media_id"]:
        raise WeChatError(40204)
    rows = articles.of_mid(call.box, job["msg_data_id"])
    if index and index not in {row["idx"] for row in rows}:
        raise WeChatError(40060)
    _take_down(call, [row for row in rows if index in (0, row["idx"])])
    if all(row["deleted"] for row in articles.of_mid(call.box, job["msg_data_id"])):
        call.box.store.execute(
            "update wx_mass set state = ? where msg_id = ?", DELETED, job["msg_id"]
        )
    return OK


def _delete_by_url(call: Call) -> dict:
    rows = call.box.store.rows(
        "select * from wx_article where app_id = ? and how = 'mass'", call.account.app_id
    )
    meant = [
        row
        for row in rows
        if articles.article_url(call.box, call.account, row).split("#")[0]
        == call.text("url").split("#")[0]
    ]
    if not meant:
        raise WeChatError(40065)
    _take_down(call, meant)
    return OK


def _take_down(call: Call, rows: list) -> None:
    """Also whatever else was made of the same draft."""
    for row in rows:
        call.box.store.execute(
            "update wx_article set deleted = 1 where app_id = ? and media_id = ? and idx = ?",
            *(call.account.app_id, row["media_id"], row["idx"]),
        )


def _job(call: Call):
    job = call.box.store.row(
        "select * from wx_mass where msg_id = ? and app_id = ?",
        *(call.number("msg_id"), call.account.app_id),
    )
    if job is None:
        raise WeChatError(40059)
    return job
