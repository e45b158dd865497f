"""What workers write, in few words: texts of three concerns and their model."""

import pytest

from cms.topics.classifier import Model, train

WAGES = [
    "厂里拖欠三个月工资，老板说没钱",
    "年底了工资还没有发，找谁讨薪",
    "包工头跑了，工钱一分没拿到",
    "绩效工资被扣了一半，说是罚款",
    "试用期的工资低于最低工资标准",
    "离职两个月，最后的工资不给结",
]
HOURS = [
    "每天加班到晚上十点，没有加班费",
    "连续上班二十天没有休息一天",
    "年休假申请了三次都不批",
    "国庆节值班，不给调休也不给加班费",
    "公司实行大小周，周末总要加班",
    "夜班连着白班，休息时间太短",
]
SAFETY = [
    "车间里灰尘大，不发口罩和手套",
    "工地的脚手架晃得厉害，没有安全网",
    "高温天户外作业，没有防暑药品",
    "机器没有防护罩，同事压伤了手",
    "仓库的消防通道被货物堵死了",
    "焊接的地方没有通风，味道刺鼻",
]
EXAMPLES = [
    *((text, "欠薪与工资") for text in WAGES),
    *((text, "加班与休假") for text in HOURS),
    *((text, "安全与高温") for text in SAFETY),
]


@pytest.fixture(scope="session")
def examples() -> list[tuple[str, str]]:
    return list(EXAMPLES)


@pytest.fixture(scope="session")
def model() -> Model:
    return train(EXAMPLES)
