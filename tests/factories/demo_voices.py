"""The demo's records of hotline and surveys, for replays without loading the whole demo."""

from datetime import date, timedelta

from cms.demo import content


def demo_voices(today: date) -> list[dict]:
    """As cms.topics.detection.Said wants them: id, day, person, text, title; oldest day first."""
    return [
        {
            "id": f"import:{row['kind']}:{row['number']}",
            "day": today - timedelta(days=row["days_ago"]),
            "person": row["person"],
            "text": row["text"],
            "title": row.get("title", ""),
        }
        for row in content.hotline()
    ]


def demo_truth() -> dict[str, str]:
    """Which issue each of `demo_voices` is about, by id; "" for a single matter."""
    return {
        f"import:{row['kind']}:{row['number']}": row.get("issue", "") for row in content.hotline()
    }
