"""The demo accounts an empty sandbox starts with: invented, their credentials open nothing real."""

WECHAT_SERVICE = {
    "platform": "wechat",
    "app_id": "wxdemo_service",
    "secret": "demo-secret-service-0123456789abcdef",
    "name": "江州市总工会",
    "kind": "certified_service",
    "description": "江州市总工会官方服务号：政策、维权、服务，一件一件讲清楚。",
    "original_id": "gh_demo_service",
    "callback_token": "demoTokenService",
    "callback_aes_key": "ZGVtb19zZXJ2aWNlX2Flc19rZXlfMzJieXRlc18wMTI",
    "stats_same_day": True,
}
WECHAT_SUBSCRIPTION = {
    "platform": "wechat",
    "app_id": "wxdemo_sub",
    "secret": "demo-secret-sub-0123456789abcdef",
    "name": "江州工会权益",
    "kind": "certified_subscription",
    "description": "说法、说薪、说休假，替职工把权益算明白。",
    "original_id": "gh_demo_sub",
    "callback_token": "demoTokenSub",
    "stats_same_day": True,
}
WECHAT_PLAIN = {
    "platform": "wechat",
    "app_id": "wxdemo_plain",
    "secret": "demo-secret-plain-0123456789abcdef",
    "name": "临江区总工会",
    "kind": "uncertified",
    "description": "临江区总工会。账号还没有认证，文章由编辑在后台手动发表。",
    "original_id": "gh_demo_plain",
    "comments": False,
    "callback_token": "demoTokenPlain",
}
WEIBO_MAIN = {
    "platform": "weibo",
    "app_id": "wbdemo_main",
    "secret": "demo-weibo-secret-main",
    "access_token": "2.00DemoMainTokenJiangzhou01",
    "uid": "7700000001",
    "name": "江州工会",
    "description": "江州市总工会官方微博",
    "location": "江州",
    "verified": True,
    "followers": 128_450,
    "safe_domains": ["127.0.0.1", "localhost"],
}
WEIBO_PLAIN = {
    "platform": "weibo",
    "app_id": "wbdemo_plain",
    "secret": "demo-weibo-secret-plain",
    "access_token": "2.00DemoPlainTokenJiangzhou2",
    "uid": "7700000002",
    "name": "江州职工之家",
    "description": "活动、课程、普惠，职工之家天天有新鲜事",
    "location": "江州",
    "followers": 9_360,
    "safe_domains": ["127.0.0.1", "localhost"],
}
ACCOUNTS = [WECHAT_SERVICE, WECHAT_SUBSCRIPTION, WECHAT_PLAIN, WEIBO_MAIN, WEIBO_PLAIN]
