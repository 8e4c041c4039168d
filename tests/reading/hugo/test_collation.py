"""Titles are put in the order that Hugo 0.111 has them in; it was asked for each of these."""

from __future__ import annotations

import pytest

from search_index.reading.hugo.collation import collation_key


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", ["a b", "a-b", "a", "(x)", "#1", "10", "2", "Zed", "zebra", "Äpfel", "apple"]),
        ("de", ["Öl", "Ofen", "Ohr", "öl 2", "Zoo"]),
        ("ja", ["な", "オ", "が", "カ", "キー", "カス", "サーバ", "日本", "（括弧）", "amu", "ッ"]),
        ("zh", ["中文", "北京", "啊", "a", "一", "《书》"]),
        ("ko", ["나", "가", "한", "b", "각"]),
    ],
)
def test_titles_are_in_the_order_of_their_language(language: str, titles: list[str]) -> None:
    assert sorted(titles, key=lambda title: collation_key(title, language)) == HUGOS[language]


HUGOS = {
    "en": ["(x)", "#1", "10", "2", "a", "a b", "a-b", "Äpfel", "apple", "zebra", "Zed"],
    "de": ["Ofen", "Ohr", "Öl", "öl 2", "Zoo"],
    "ja": ["（括弧）", "amu", "サーバ", "キー", "オ", "カ", "が", "カス", "ッ", "な", "日本"],
    "zh": ["《书》", "a", "啊", "北京", "一", "中文"],
    "ko": ["b", "가", "각", "나", "한"],
}
