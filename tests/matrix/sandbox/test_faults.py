import httpx
import pytest

from cms.matrix.sandbox import faults
from cms.matrix.sandbox.wechat.errors import MESSAGES as WECHAT_MESSAGES
from cms.matrix.sandbox.weibo.errors import MESSAGES as WEIBO_MESSAGES

COUNT = "/cgi-bin/draft/count"
WECHAT_CLASSES = (
    "40001 40014 42001 -1 45011 42010 45066 53501 45009 45028 48006 48001 48004 50001 50002 50007"
    " 53500 88000 40200 40013 40125 40164 40243 41002 41004 89503 89506 89507 53503 53504 53505"
    " 48021 89504 89505 40007 44003 45002 45003 45004 45005 45166 41039 40137 40005 40009 45001"
    " 88007 40008 40114 41001 41005 41006 43001 43002 44001 44002 47001 88010 76021 45065 88005"
    " 88008 61503 61500 61501 53600 88001 88004"
)
WEIBO_CLASSES = (
    "10001 10002 10003 10009 10010 10011 10004 10022 10005 10014 10006 10007 10008 10012 10016"
    " 10018 10020 10021 10013 10017 10023 10024 20003 20005 20006 20007 20008 20012 20013 20016"
    " 20017 20019 20111 20018 20020 20021 20031 20033 20023 20032 20101 20102 20112 20120 20201"
    " 20203 20204 20206 20207 21301 21314 21315 21316 21317 21319 21327 21332 21322 21323 21324"
    " 21325 21326 21328 21329 21330 21331"
)


def ask(sandbox, account):
    """One harmless call: its errcode, 0 for success, "http", or "cut"."""
    address = f"/wechat{COUNT}?access_token={account.token}"
    try:
        answer = sandbox.get(address)
    except httpx.RemoteProtocolError:
        return "cut"
    return "http" if answer.status_code != 200 else answer.json().get("errcode", 0)


def books(sandbox):
    return sandbox.get("/__sandbox/books").json()


def test_every_class_of_the_contract_can_be_answered_anywhere(sandbox, service):
    codes = [int(code) for code in WECHAT_CLASSES.split()]
    for code in codes:
        sandbox.fault(platform="wechat", path="*", effect="error", code=code)
    assert [ask(sandbox, service) for _ in codes] == codes
    assert all(code in WECHAT_MESSAGES for code in codes)


def test_every_class_of_weibo_can_be_answered_anywhere(sandbox):
    codes = [int(code) for code in WEIBO_CLASSES.split()]
    for code in codes:
        sandbox.fault(platform="weibo", path="*", effect="error", code=code)
    found = [sandbox.get("/weibo/2/users/show.json").json()["error_code"] for _ in codes]
    assert found == codes
    assert all(code in WEIBO_MESSAGES for code in codes)


def test_planned_40164_names_the_address_too(sandbox, service):
    sandbox.fault(path=COUNT, effect="error", code=40164)
    assert "127.0.0.1" in service.get(COUNT)["errmsg"]


def test_error_does_no_work_and_lost_does_it_first(sandbox, service):
    for number, effect in enumerate(("error", "http", "timeout", "lost")):
        sandbox.fault(path="/cgi-bin/draft/add", effect=effect, code=-1)
        try:
            service.draft(title=f"第{number}份")
        except (httpx.RemoteProtocolError, ValueError):
            continue
    titles = [row["articles"] for row in sandbox.state()["wx_draft"]]
    assert len(titles) == 1
    assert "第3份" in titles[0]


def test_mixed_rule_spreads_over_effects_and_codes_in_a_repeatable_order(sandbox, service):
    rule = {
        "platform": "wechat",
        "path": "/cgi-bin/*",
        "rate": 0.5,
        "mix": [
            {"effect": "error", "codes": [-1, 45011, 40001], "weight": 3},
            {"effect": "http", "status": 503},
            {"effect": "lost"},
        ],
    }
    sandbox.fault(**rule)
    runs = []
    for _ in range(2):
        sandbox.put("/__sandbox/seed", json={"seed": 7})
        runs.append([ask(sandbox, service) for _ in range(60)])
    assert runs[0] == runs[1]
    assert {0, -1, 45011, 40001, "http", "cut"} == set(runs[0])
    dealt = books(sandbox)["faults"]
    assert sum(row["count"] for row in dealt) == sum(answer != 0 for answer in [*runs[0], *runs[1]])
    assert {row["code"] for row in dealt if row["effect"] == "error"} == {-1, 45011, 40001}


def test_part_of_a_mix_strikes_only_where_it_means_something(sandbox, service):
    mix = [{"effect": "publish_status", "status": 4}, {"effect": "late"}, {"effect": "is_delay"}]
    sandbox.fault(path="*", rate=1, mix=mix)
    assert ask(sandbox, service) == 0
    answer = service.publish()
    job = service.post("/cgi-bin/freepublish/get", {"publish_id": answer["publish_id"]})
    assert job["publish_status"] == 4
    assert [(row["effect"], row["code"]) for row in books(sandbox)["faults"]] == [
        ("publish_status", 4)
    ]


def test_part_of_a_mix_may_name_its_own_path(sandbox, service):
    mix = [{"effect": "error", "code": 45009, "path": "/cgi-bin/draft/*"}]
    sandbox.fault(path="/cgi-bin/*", rate=1, mix=mix)
    assert ask(sandbox, service) == 45009
    assert service.new_token()["expires_in"] > 0


@pytest.mark.parametrize(
    "bad",
    [
        {"mix": []},
        {"mix": [{"effect": "earthquake"}]},
        {"mix": [{"effect": "error"}]},
        {"mix": [{"effect": "lost", "weight": 0}]},
        {"effect": "error", "codes": ["1"]},
        {"effect": "error", "codes": []},
        {"path": "callback", "effect": "lost"},
        {"path": "callback", "mix": [{"effect": "error", "code": 1}]},
    ],
)
def test_senseless_rules_are_refused_in_chinese(sandbox, bad):
    answer = sandbox.post("/__sandbox/faults", json=bad)
    assert answer.status_code == 400
    assert any("\u4e00" <= char <= "\u9fff" for char in answer.json()["error"])


def test_one_rule_can_be_taken_back(sandbox, service):
    sandbox.fault(path=COUNT, effect="error", code=-1)
    (rule,) = sandbox.get("/__sandbox/faults").json()
    sandbox.delete(f"/__sandbox/faults/{rule['id']}")
    assert ask(sandbox, service) == 0


def test_late_statistics_are_marked_by_fault_or_profile(sandbox, service):
    day = sandbox.today().isoformat()
    span = {"begin_date": day, "end_date": day}
    sandbox.fault(path="/datacube/*", effect="is_delay")
    marks = [service.post("/datacube/getbizsummary", span)["is_delay"] for _ in range(2)]
    assert marks == [True, False]
    sandbox.account("wechat", service.app_id, stats_delayed=True)
    assert service.post("/datacube/getarticleread", span)["is_delay"] is True


def test_every_effect_has_a_name_for_the_page():
    assert set(faults.ONLY_AT) <= set(faults.EFFECTS)
    assert set(faults.AT_CALLBACKS) <= set(faults.EFFECTS)
