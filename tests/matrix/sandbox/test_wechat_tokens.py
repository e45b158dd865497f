def forced(account):
    return account.new_token(force_refresh=True)


def count(client, token):
    return client.get(f"/wechat/cgi-bin/draft/count?access_token={token}").json()


def test_stable_token_stays_the_same_with_less_time_left(sandbox, service):
    first = service.new_token()
    sandbox.advance(seconds=1000)
    second = service.new_token()
    assert second["access_token"] == first["access_token"]
    assert first["expires_in"] - second["expires_in"] in (1000, 1001)


def test_stable_token_is_rotated_five_minutes_before_it_ends(sandbox, service):
    sandbox.advance(seconds=7200 - 299)
    fresh = service.new_token()
    assert fresh["access_token"] != service.token
    assert fresh["expires_in"] == 7200
    assert "total_count" in count(sandbox, service.token)


def test_forced_refresh_kills_the_old_token_at_once(sandbox, service):
    fresh = forced(service)
    assert count(sandbox, service.token)["errcode"] == 40001
    assert "total_count" in count(sandbox, fresh["access_token"])


def test_forced_refresh_is_limited_to_thirty_seconds_apart_and_twenty_a_day(sandbox, service):
    assert "access_token" in forced(service)
    assert forced(service)["errcode"] == 45011
    for _ in range(19):
        sandbox.advance(seconds=31)
        assert "access_token" in forced(service)
    sandbox.advance(seconds=31)
    assert forced(service)["errcode"] == 45009


def test_plain_token_replaces_the_last_one_but_not_the_stable_one(sandbox, service):
    def plain():
        query = {"grant_type": "client_credential", "appid": service.app_id}
        query["secret"] = service.secret
        return sandbox.get("/wechat/cgi-bin/token", params=query).json()["access_token"]

    old, new = plain(), plain()
    assert "total_count" in count(sandbox, old)
    sandbox.advance(seconds=301)
    assert count(sandbox, old)["errcode"] == 40001
    assert "total_count" in count(sandbox, new)
    assert "total_count" in count(sandbox, service.token)


def test_expired_missing_and_invented_tokens_have_their_own_codes(sandbox, service):
    sandbox.advance(hours=3)
    assert count(sandbox, service.token)["errcode"] == 42001
    assert count(sandbox, "")["errcode"] == 41001
    assert count(sandbox, "made-up")["errcode"] == 40014


def test_wrong_credentials_are_told_apart(sandbox):
    def ask(**body):
        return sandbox.post("/wechat/cgi-bin/stable_token", json=body).json()["errcode"]

    good = {"grant_type": "client_credential", "appid": "wxdemo_service", "secret": "x"}
    assert ask(**good) == 40125
    assert ask(**good | {"appid": "wxnobody"}) == 40013
    assert ask(**good | {"grant_type": "password"}) == 40002
    assert ask(**good | {"secret": ""}) == 41004
    assert sandbox.get("/wechat/cgi-bin/stable_token").json()["errcode"] == 43002


def test_error_is_http_200_with_hint_and_rid(sandbox):
    answer = sandbox.get("/wechat/cgi-bin/draft/count")
    assert answer.status_code == 200
    assert "hint: [" in answer.json()["errmsg"]
    assert " rid: " in answer.json()["errmsg"]


def test_address_outside_the_whitelist_is_named(sandbox, service):
    sandbox.account("wechat", service.app_id, ip_whitelist=["10.0.0.1"])
    answer = service.new_token()
    assert answer["errcode"] == 40164
    assert "127.0.0.1" in answer["errmsg"]


def test_daily_quota_ends_with_45009_and_returns_at_beijing_midnight(sandbox, service):
    sandbox.account("wechat", service.app_id, quotas={"/cgi-bin/draft/count": 2})
    assert [service.get("/cgi-bin/draft/count").get("errcode") for _ in range(3)] == [
        None,
        None,
        45009,
    ]
    quota = service.post("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/draft/count"})
    assert quota["quota"] == {"daily_limit": 2, "used": 2, "remain": 0}
    sandbox.advance(hours=12)
    service.token = service.new_token()["access_token"]
    assert "total_count" in service.get("/cgi-bin/draft/count")


def test_quota_can_be_cleared_ten_times_a_month(sandbox, service):
    sandbox.account("wechat", service.app_id, quotas={"/cgi-bin/draft/count": 1})
    service.get("/cgi-bin/draft/count")
    clear = {"appid": service.app_id}
    assert service.post("/cgi-bin/clear_quota", clear)["errcode"] == 0
    assert "total_count" in service.get("/cgi-bin/draft/count")
    by_secret = clear | {"appsecret": service.secret}
    for _ in range(9):
        answer = sandbox.post("/wechat/cgi-bin/clear_quota/v2", json=by_secret).json()
        assert answer["errcode"] == 0
    assert service.post("/cgi-bin/clear_quota", clear)["errcode"] == 48006


def test_quota_of_an_unknown_path_is_refused(service):
    answer = service.post("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/nothing"})
    assert answer["errcode"] == 76021
