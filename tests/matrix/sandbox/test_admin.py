from cms.matrix.sandbox.app import create_app
from cms.matrix.sandbox.box import Box


def test_home_lists_accounts_and_links_to_their_pages(sandbox):
    page = sandbox.get("/").text
    for name in ("江州市总工会", "江州工会权益", "临江区总工会", "江州工会", "江州职工之家"):
        assert name in page
    assert sandbox.get("/wechat/wxdemo_plain/").status_code == 200
    assert sandbox.get("/wechat/nobody/").status_code == 404


def test_account_is_created_changed_and_checked(sandbox):
    new = {"platform": "wechat", "app_id": "wxnew", "secret": "s", "name": "新账号"}
    assert sandbox.post("/__sandbox/accounts", json=new).json()["kind"] == "certified_service"
    changed = sandbox.account("wechat", "wxnew", kind="personal")
    assert (changed["name"], changed["kind"]) == ("新账号", "personal")
    for bad in (
        new | {"kind": "royal"},
        new | {"colour": "red"},
        new | {"comments": "yes"},
        new | {"callback_aes_key": "short"},
        new | {"callback_mode": "safe"},
        {"platform": "wechat", "app_id": "wxother"},
        {"platform": "telegram", "app_id": "x"},
    ):
        answer = sandbox.post("/__sandbox/accounts", json=bad)
        assert answer.status_code == 400, bad
        assert answer.json()["error"]
    assert sandbox.post("/__sandbox/accounts", content=b"[").status_code == 400


def test_planned_error_strikes_only_its_account_and_only_so_often(sandbox, service, plain):
    sandbox.fault(path="/cgi-bin/draft/*", app_id=plain.app_id, effect="error", code=-1, times=2)
    assert "total_count" in service.get("/cgi-bin/draft/count")
    codes = [plain.get("/cgi-bin/draft/count").get("errcode") for _ in range(3)]
    assert codes == [-1, -1, None]


def test_planned_rate_goes_on_until_cleared(sandbox, service):
    sandbox.fault(path="/cgi-bin/draft/count", effect="http", status=502, rate=1)
    address = f"/wechat/cgi-bin/draft/count?access_token={service.token}"
    assert [sandbox.get(address).status_code for _ in range(3)] == [502] * 3
    sandbox.delete("/__sandbox/faults")
    assert sandbox.get(address).status_code == 200


def test_senseless_faults_are_refused(sandbox):
    for bad in (
        {"effect": "earthquake"},
        {"effect": "error"},
        {"effect": "delay", "rate": 2},
        {"effect": "delay", "times": 0},
        {"effect": "delay", "seconds": "long"},
        {"effect": "publish_status", "status": 0},
    ):
        assert sandbox.post("/__sandbox/faults", json=bad).status_code == 400, bad


def test_faults_can_be_planned_on_the_page(sandbox, service):
    form = {"path": "/cgi-bin/*", "effect": "error", "code": "45009", "times": "1", "seconds": ""}
    page = sandbox.post("/faults", data=form, follow_redirects=True).text
    assert "故障已安排" in page
    assert service.get("/cgi-bin/draft/count")["errcode"] == 45009
    form["times"] = "many"
    assert "请填数字" in sandbox.post("/faults", data=form, follow_redirects=True).text


def test_fault_on_the_page_strikes_by_percent_and_is_taken_back(sandbox, service):
    form = {"path": "/cgi-bin/*", "effect": "error", "code": "45009", "percent": "100"}
    page = sandbox.post("/faults", data=form, follow_redirects=True).text
    assert "概率 100.0%" in page
    assert service.get("/cgi-bin/draft/count")["errcode"] == 45009
    assert "45009" in sandbox.get("/faults").text.partition("已经发生")[2]
    (rule,) = sandbox.get("/__sandbox/faults").json()
    sandbox.post(f"/faults/{rule['id']}/remove")
    assert "total_count" in service.get("/cgi-bin/draft/count")


def test_clock_and_pace_are_moved_on_the_page(sandbox):
    before = sandbox.get("/__sandbox/clock").json()["offset_seconds"]
    assert "时间已调整" in sandbox.post("/clock", data={"hours": "2"}, follow_redirects=True).text
    assert sandbox.get("/__sandbox/clock").json()["offset_seconds"] == before + 7200
    assert "请填数字" in sandbox.post("/clock", data={"hours": "x"}, follow_redirects=True).text
    assert (
        "与真实时间一致" in sandbox.post("/clock", data={"reset": "1"}, follow_redirects=True).text
    )
    sandbox.post("/pace", data={"latency_ms": "3"})
    assert sandbox.get("/__sandbox/pace").json() == {"latency_ms": 3}
    assert "毫秒数" in sandbox.post("/pace", data={"latency_ms": "x"}, follow_redirects=True).text


def test_unknown_api_path_is_an_invalid_url(sandbox, service):
    assert service.post("/cgi-bin/nothing", {})["errcode"] == 40066


def test_restart_loses_nothing(tmp_path):
    first = create_app(tmp_path)
    box = first.extensions["sandbox"]
    box.accounts.put({"platform": "wechat", "app_id": "wxdemo_sub", "name": "改名"})
    box.clock.move(3600)
    box.jobs.add("publish", {"publish_id": 1}, delay=9000)
    box.jobs.stop()
    box.store.close()
    again = Box.open(tmp_path, public_base="http://a", callback_base="http://b")
    assert again.accounts.get("wechat", "wxdemo_sub").name == "改名"
    assert again.clock.offset == 3600
    assert again.store.value("select count(*) from job") == 1
    again.store.close()


def test_reset_never_gives_an_id_twice(sandbox, service):
    before = service.publish()["publish_id"]
    sandbox.post("/__sandbox/reset")
    sandbox.account("wechat", service.app_id, publish_delay=0, callback_token="")
    service.token = service.new_token()["access_token"]
    assert service.publish()["publish_id"] > before


def test_job_that_a_crash_interrupted_runs_again(tmp_path):
    box = Box.open(tmp_path, public_base="http://a", callback_base="http://b")
    box.store.execute(
        "insert into job (kind, payload, run_at, state) values ('note', '{}', 0, 'running')"
    )
    ran = []
    box.jobs.handle("note", ran.append)
    box.jobs.start()
    for _ in range(400):
        if ran:
            break
        box.jobs.wake()
    box.jobs.stop()
    box.store.close()
    assert ran == [{}]
