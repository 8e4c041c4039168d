"""What each content problem means and how it is mended: the words of ``docs/reference/diagnostics.md``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search_index.diagnostics import ProblemCode


@dataclass(frozen=True, slots=True)
class Explanation:
    """Markdown for people: what the code says, something that causes it (or nothing), and the mend."""

    meaning: str
    example: str
    mend: str


EXPLANATIONS: Mapping[ProblemCode, Explanation] = {
    ProblemCode.FILE_UNREADABLE: Explanation(
        "A file or folder could not be opened. It is tried again at the next scan.",
        "A post with mode 000",
        "Give the user that runs Octavo the right to read it.",
    ),
    ProblemCode.FILE_TOO_LARGE: Explanation(
        "A file exceeds `limits.file_bytes`. It is not served.",
        "A post with an image as base64",
        "Move the image to a file of its own, or raise the limit.",
    ),
    ProblemCode.FILE_UNSTABLE: Explanation(
        "A file changed each time it was read. Its last good version stays.",
        "An export that writes the file for minutes",
        "Write to another name and rename at the end.",
    ),
    ProblemCode.NOT_A_REGULAR_FILE: Explanation(
        "Something with a Markdown name is no file.",
        "A pipe, a socket, a folder named `notes.md`",
        "Rename or remove it.",
    ),
    ProblemCode.LINK_LEAVES_FOLDER: Explanation(
        "A symbolic link leads out of the content folder, or nowhere. It is not followed.",
        "`todo.md -> /home/ann/todo.md`",
        "Copy the file into the folder.",
    ),
    ProblemCode.NOT_UTF8: Explanation(
        "The bytes are not UTF-8. The file is not served.",
        "An old post in Latin-1",
        "`iconv -f latin1 -t utf-8 old.md > new.md`",
    ),
    ProblemCode.FRONT_MATTER_UNCLOSED: Explanation(
        "An opening fence without a closing one.",
        "`---` and no second `---`",
        "Add the closing line.",
    ),
    ProblemCode.FRONT_MATTER_INVALID: Explanation(
        "The front matter cannot be parsed, or holds what JSON cannot say.",
        "`title: Part 2: the sea`",
        "Quote the value; do not indent with tabs.",
    ),
    ProblemCode.FRONT_MATTER_NOT_A_MAP: Explanation(
        "The front matter is a list or a single value.",
        "`- one` between the fences",
        "Write keys with values.",
    ),
    ProblemCode.FRONT_MATTER_LIMIT: Explanation(
        "A budget of front matter was hit; the message names it.",
        "Values nested deeper than 16",
        "Write simpler front matter, or raise the limit.",
    ),
    ProblemCode.FRONT_MATTER_TYPE: Explanation(
        "A known key has a value of the wrong kind. The value is left out.",
        "`tags: {a: b}`",
        "Write a value of the kind that [front matter](front-matter.md) gives.",
    ),
    ProblemCode.DUPLICATE_KEY: Explanation(
        "A key stands twice. The last one counts; of `draft` and `published` the one that hides.",
        "`tags:` in two places",
        "Remove one.",
    ),
    ProblemCode.PERMALINK_INVALID: Explanation(
        (
            "A permalink has a placeholder that the generator does not know. Jekyll would not build the site; the"
            " post is served at the address of Jekyll's default, `/:categories/:year/:month/:day/:title.html`."
        ),
        "`permalink: /:yeer/:title/`",
        "Write one of the placeholders of the generator's documentation.",
    ),
    ProblemCode.DRAFT_PUBLISHED: Explanation(
        (
            "`draft: true` stands in a post of Jekyll's `_posts`, where it hides nothing: the post is published, "
            "as Jekyll publishes it."
        ),
        "`draft: true`",
        "Write `published: false`, or move the file to `_drafts`.",
    ),
    ProblemCode.TEMPLATE_INVALID: Explanation(
        (
            "A template tag or filter cannot be read, or cannot do what it is asked to. What is at fault is left "
            "out, the rest is rendered."
        ),
        "`{% for x %}`",
        "Mend the tag.",
    ),
    ProblemCode.TEMPLATE_TAG_UNKNOWN: Explanation(
        (
            "A tag or shortcode that the generator itself does not have: a plugin's, or the theme's. It is left "
            "out; the text inside it stays."
        ),
        "`{% gallery %}`",
        "Write Markdown or HTML in its place.",
    ),
    ProblemCode.TEMPLATE_TARGET_MISSING: Explanation(
        "An include, a post or a page that a template names is not there.",
        "`{% post_url 2020-01-02-gone %}`",
        "Mend the name.",
    ),
    ProblemCode.TEMPLATE_LIMIT: Explanation(
        ("A template does more work than is allowed, or nests too deeply. What it had written until then stays."),
        "`{% for i in (1..1000000) %}`",
        "Write less of it.",
    ),
    ProblemCode.DATE_INVALID: Explanation(
        (
            "A date is not in the calendar or cannot be read. The next source of a date counts; a `publishDate` "
            "beside a `date` that cannot be read hides the post."
        ),
        "`date: 2026-02-30`, `date: soon`",
        "Write `2026-02-28` or `2026-02-28 09:00:00 +0100`.",
    ),
    ProblemCode.TERM_LIMIT: Explanation(
        "Too many tags, or one that is too long. What exceeds the limit is left out.",
        "A paragraph as a tag",
        "Shorten it.",
    ),
    ProblemCode.SLUG_REPEATED: Explanation(
        "Two public posts have one slug. Both are served at their ids.",
        "`en/hello.md` and `de/hello.md`",
        "Give one a `slug` of its own, if the short address matters.",
    ),
    ProblemCode.ID_REPEATED: Explanation(
        ("Two files would have one id, which comes from the path without its ending. One of them is served."),
        "`hello.md` beside `hello.markdown`",
        "Rename one.",
    ),
    ProblemCode.RENDER_TIMEOUT: Explanation(
        "Rendering took longer than allowed. The post is served as escaped plain text.",
        "Thousands of `[` in a row",
        "Look for a very long line; put it into a code block.",
    ),
    ProblemCode.RENDER_MEMORY: Explanation(
        "Rendering needed more memory than allowed. The post is served as escaped plain text.",
        "A table with hundreds of columns",
        "Split the table.",
    ),
    ProblemCode.RENDER_OUTPUT: Explanation(
        "The HTML grew beyond proportion. The post is served as escaped plain text.",
        "A hundred `[TOC]` lines",
        "Remove what repeats itself.",
    ),
    ProblemCode.RENDER_NESTING: Explanation(
        "Elements are nested too deeply. The post is served as escaped plain text.",
        "200 quotes in quotes",
        "Flatten it.",
    ),
    ProblemCode.RENDER_FAILED: Explanation(
        "The renderer gave up with an error. The post is served as escaped plain text.",
        "",
        "Halve the text until the part is found, and report it.",
    ),
    ProblemCode.RENDER_CRASHED: Explanation(
        "The process that read the file ended. The file is skipped after the second time, until it changes.",
        "",
        "Halve the text until the part is found, and report it.",
    ),
    ProblemCode.SYNONYMS_INVALID: Explanation(
        "A line of `synonyms.txt` cannot be read; it is left out.",
        "`js` alone on a line",
        "Write `js, javascript` or `k8s => kubernetes`.",
    ),
    ProblemCode.CONFIGURATION: Explanation(
        "Something about the site as a whole, not about one file.",
        "",
        "The message says what.",
    ),
    ProblemCode.FRONT_MATTER_SCHEMA: Explanation(
        (
            "The front matter is not as the site's `content.schema` has it; the message says where, what it "
            "should be and what it is. It is served as written. See [typed front matter](../guides/typed-front-"
            "matter.md)."
        ),
        "`rating: five` where the schema has an integer",
        "Mend the value, or the schema.",
    ),
    ProblemCode.CONTENT_SCHEMA_INVALID: Explanation(
        (
            "`content.schema` is no JSON Schema that can be used. The front matter is served without types, and "
            "no file is checked."
        ),
        '`"type": "int"`',
        'Write `"integer"`; `octavo schema infer` proposes a whole schema.',
    ),
    ProblemCode.BROKEN_LINK: Explanation(
        (
            "A link to the site itself leads to nothing there for the public. Told only where it is certain: see "
            "[links](#links)."
        ),
        "`[setup](/2024/setpu/)`",
        "Mend the address; the hint names one that looks alike.",
    ),
}
