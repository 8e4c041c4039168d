"""The mirror in docs/guides/sync.md, as it stands there, beside a real server."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import PATIENCE, ROOT, ServedFactory, write_post


def test_the_mirror_of_the_guide_is_what_the_export_has(serve: ServedFactory, content: Path, tmp_path: Path) -> None:
    guide = (ROOT / "docs/guides/sync.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```", guide, flags=re.DOTALL | re.MULTILINE)
    script, copy = tmp_path / "mirror.py", tmp_path / "copy.json"
    script.write_text(program, encoding="utf-8")
    write_post(content, "one.md", "One")
    write_post(content, "two.md", "Two")
    served = serve()
    served.until_serving("One", "Two")

    def mirrored() -> set[str]:
        subprocess.run([sys.executable, script, f"http://127.0.0.1:{served.port}", copy], timeout=PATIENCE, check=True)
        generation, posts = json.loads(copy.read_text(encoding="utf-8"))
        assert generation == served.get("/v1")[1]["generation"]
        for post in posts.values():
            assert post == served.get(post["api_url"])[1]
        return {post["title"] for post in posts.values()}

    assert mirrored() == {"One", "Two"}
    write_post(content, "one.md", "One, edited")
    write_post(content, "three.md", "Three")
    (content / "two.md").unlink()
    served.until_serving("One, edited", "Three")
    assert mirrored() == {"One, edited", "Three"}
    assert mirrored() == {"One, edited", "Three"}
