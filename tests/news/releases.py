"""One release as it comes in by different ways, and other texts on the same topic."""

TITLE = "市总工会启动夏季送清凉活动 十万户外劳动者将受益"
PARAGRAPHS = (
    "7月3日上午，江州市总工会在滨江新区地铁八号线工地启动2026年夏季送清凉活动。市总工会党组书记"
    "周明华到一线看望慰问建设者，为他们送上防暑药品、毛巾和绿豆汤。",
    "据了解，今年活动持续到9月底，市总工会安排专项资金一千二百万元，重点走访建筑工地、环卫站点、"
    "快递网点和外卖驿站，预计惠及户外劳动者十万余人次。",
    "“师傅，水凉不凉？中午能歇多久？”在钢筋加工棚里，周明华一边递水一边询问。工人李大勇说，项目"
    "部把作业时间调到了早上五点半，中午最热的三个小时全部停工。",
    "活动现场，工会劳动保护监督检查员对照清单，逐项查看工地的休息室、饮水点和急救箱，并向工友讲解"
    "高温津贴的发放标准和中暑后的工伤认定程序。",
    "市总工会要求，各级工会要督促用人单位落实防暑降温措施，不得以发放饮料代替高温津贴；对拒不改正的"
    "单位，及时提请人社部门查处。",
    "目前全市已有户外劳动者服务站点八百四十六个，全部提供饮水、充电、热饭和休息服务，职工可以在"
    "江州工会小程序上查到离自己最近的一个。",
)
REPRINT_TITLE = "送清凉活动启动，惠及十万户外劳动者"
# Another headline, 本报讯 before and the source's line after it, one paragraph out, one rewritten.
REPRINT_PARAGRAPHS = (
    "本报讯（记者 陈晓）" + PARAGRAPHS[0],
    PARAGRAPHS[1].replace("据了解，", ""),
    PARAGRAPHS[3],
    "市总要求各级工会压实责任，防暑降温措施必须到位，饮料不能顶津贴，不改的单位要移交查处。",
    PARAGRAPHS[5],
    "（来源：江州晚报 编辑：吴敏）",
)
# A summary, as feeds without full text give it.
EXCERPT = PARAGRAPHS[0] + PARAGRAPHS[1][:40]
SAME_TOPIC_TITLE = "临江区总工会为环卫工人送清凉"
SAME_TOPIC_PARAGRAPHS = (
    "连日来气温攀升，临江区总工会组织志愿者走进十二个环卫站，把西瓜、凉茶和藿香正气水送到工人手里，"
    "并邀请区人民医院的医生现场教大家辨别中暑的早期症状。",
    "环卫工人王秀兰说，站里新装了空调和冰箱，下午不再顶着日头扫街。区总工会还和城管部门商定，气温"
    "超过三十七度时停止露天作业，当天工资照发。",
    "高温津贴是职工的法定权益，不得以发放饮料代替。区总工会公布了投诉电话，对没有发放的单位将发出"
    "劳动法律监督意见书。",
)


def html(paragraphs) -> str:
    return "".join(f"<p>{text}</p>" for text in paragraphs)


def text(paragraphs) -> str:
    return "\n".join(paragraphs)
