"""The settings of a campaign: where it says nothing, the usual values of its ledger hold, whoever asks."""

import datetime as dt

from taizhang.declared import queries
from taizhang.declared.tables import ledgers
from taizhang.rows.ledgers import LedgerFile, Row
from taizhang.store import Note, Store, engine

SETTING = queries.terms()["setting"]


def settings_of(store: Store) -> dict[str, object]:
    columns, rows = engine.ask(store.live().on_disk, "select * from setting()")
    assert len(rows) == 1
    return dict(zip(columns, rows[0], strict=True))


def published(tmp_path, table: str, cells: dict[str, object]) -> Store:
    store = Store(tmp_path / "store")
    one = LedgerFile(table, "x.csv", b"x", "UTF-8", (Row(2, cells),))
    store.publish([one], Note("测试", dt.date(2019, 9, 20), "首次", "First", "first"), None)
    return store


def test_without_a_campaign_the_usual_values_of_its_columns_hold(tmp_path):
    store = published(tmp_path, "district", {"district_code": "D-1", "district_name": "甲区"})
    usual = {column.name: ledgers()["campaign"].column(column.name).default for column in SETTING.returns}
    assert settings_of(store) == usual
    assert None not in usual.values()


def test_what_a_campaign_says_holds(tmp_path):
    store = published(
        tmp_path, "campaign", {"campaign_id": "C-1", "campaign_name": "甲", "org_name": "乙", "silent_days": 21}
    )
    assert settings_of(store)["silent_days"] == 21
    assert settings_of(store)["due_soon_days"] == 7


def test_no_other_question_has_usual_values_of_its_own():
    for query in (*queries.answers().values(), *queries.checks().values(), *queries.terms().values()):
        assert query.name == "setting" or "coalesce(max(campaign." not in query.sql, query.name
