"""Near-duplicates are found by their fingerprint."""

from cms.news.feeds.similar import BITS, bits_apart, simhash64

RELEASE = (
    "全国总工会近日印发通知，部署开展夏季送清凉活动。各级工会要聚焦户外劳动者、新就业形态劳动者等"
    "重点群体，把防暑降温物资送到一线职工手中，督促用人单位落实高温津贴制度，切实维护职工劳动安全"
    "健康权益。要发挥户外劳动者服务站点作用，延长开放时间，提供饮水、休息、充电、简单药品等服务。"
) * 4
OTHER = "北京市总工会举办职工职业技能大赛，来自各行各业的选手同台竞技，展示精湛技艺和工匠精神。" * 8


def test_reprint_with_small_changes_is_near():
    reprint = "（记者张三）" + RELEASE.replace("，", ", ") + " 责任编辑：李四"
    assert bits_apart(simhash64(RELEASE), simhash64(reprint)) <= 8


def test_width_punctuation_and_case_do_not_count():
    assert simhash64("ＡＢＣ，工会 新闻！") == simhash64("abc工会新闻")


def test_other_release_is_not_near():
    assert bits_apart(simhash64(RELEASE), simhash64(OTHER)) > 20


def test_no_text_is_near_nothing():
    assert simhash64("，！ ") == 0
    assert bits_apart(0, 0) == BITS


def test_fingerprint_fits_a_signed_big_integer():
    prints = [simhash64(f"第{n}条工会新闻") for n in range(200)]
    assert all(-(2**63) <= each < 2**63 for each in prints)
    assert any(each < 0 for each in prints)
