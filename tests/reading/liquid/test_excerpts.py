"""An excerpt that is cut within a block gets its end, as in Jekyll."""

from __future__ import annotations

import pytest

from search_index.reading.liquid import close_blocks

CUT = [
    ("a {% highlight x %}\nb", "a {% highlight x %}\nb\n{% endhighlight %}"),
    ("{% if b %}x{% for i in y %}", "{% if b %}x{% for i in y %}\n{% endfor %}\n{% endif %}"),
    ("{%- if a -%}", "{%- if a -%}\n{% endif %}"),
    ("{% if a %}{% if b %}", "{% if a %}{% if b %}\n{% endif %}"),
    ("{% if a %}{% endif %}{% if b %}", "{% if a %}{% endif %}{% if b %}"),
    ("{% include x %} {{ y }} {% unknown %}", "{% include x %} {{ y }} {% unknown %}"),
    ("{% if a", "{% if a"),
]


@pytest.mark.parametrize(("head", "closed"), CUT)
def test_the_end_of_an_open_block_is_added(head: str, closed: str) -> None:
    assert close_blocks(head) == closed
