"""Finding by words in either script."""

from __future__ import annotations

import pytest

from portal.core.finding import speaks_of

TEXTS = [
    "ISO 14001证书_鄂尔多斯一厂.pdf",
    "方圆认证（虚构）",
    "Environmental management system",
    "环境管理体系",
]


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "证书",
        "鄂尔多斯",
        "iso 14001",
        "ＩＳＯ　１４００１",
        "方圆认证 环境",
        "ENVIRONMENTAL",
        "体系 iso",
        "(虚构)",
    ],
)
def test_words_in_either_script_and_width_are_found(wanted: str) -> None:
    assert speaks_of(wanted, TEXTS)


@pytest.mark.parametrize("wanted", ["ISO 45001", "认证书", "证书 培训", "pdf方圆"])
def test_what_is_not_there_is_not_found(wanted: str) -> None:
    assert not speaks_of(wanted, TEXTS)
