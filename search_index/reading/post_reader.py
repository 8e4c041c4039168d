"""One file's bytes to its ``ReadOutcome``: everything that reading promises, in one pure function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from math import ceil
from typing import TYPE_CHECKING

from search_index.composing import compose
from search_index.diagnostics import ContentProblem, ProblemCode
from search_index.documents import document_of, words_of
from search_index.model import Cover, ExcerptSource, Kind, Post, Provenance, Rendered, SiteLink, SourceFile
from search_index.reading.dialects import Aside, Dialect, Document, PostOutline, PreparedBody
from search_index.reading.errors import ContentError
from search_index.reading.extraction import words_in
from search_index.reading.front_matter import body_as_written, with_plain_lines
from search_index.reading.front_matter_check import breaches, is_readable
from search_index.reading.links import PostLinks, relinked
from search_index.reading.markdown import AsWritten
from search_index.reading.outcome import ReadOutcome
from search_index.reading.plain_text import clean, shorten
from search_index.reading.rendering import Render, RenderedBody, out_of_memory
from search_index.reading.sanitising import sanitise
from search_index.reading.sequence import Place, chronological
from search_index.reading.site_links import site_links
from search_index.settings import HtmlPolicy, SiteSettings
from search_index.vocabulary import PostWords

if TYPE_CHECKING:
    from search_index.content_schema.checking import SchemaCheck

_WORDS_A_MINUTE = 200
_EXCERPT_CHARACTERS = 300


def read_post(
    path: str,
    raw: bytes,
    settings: SiteSettings,
    dialect: Dialect,
    render: Render,
    *,
    with_template: bool = True,
    with_provenance: bool = False,
    schema: SchemaCheck | None = None,
) -> ReadOutcome:
    """What the file ``path`` with the bytes ``raw`` is to the site. Raises ``MemoryError``, and no other ``Exception``.

    Without ``with_template`` the body is taken as it stands: what its template language asks for has ended a process.
    What breaks the ``schema`` is a problem, and served all the same.
    """
    checksum = sha256(raw).hexdigest()
    try:
        outcome = _read(SourceFile(path, checksum, len(raw)), raw, settings, dialect, render, with_template, schema)
    except ContentError as error:
        return _hiding(not_read(path, error, checksum), raw, dialect)
    except MemoryError:
        raise
    except Exception as error:
        return _hiding(not_read(path, _unexpected(error), checksum), raw, dialect)
    return outcome if with_provenance else _without_provenance(outcome)


def not_read(path: str, error: ContentError, checksum: str = "") -> ReadOutcome:
    """The outcome of a file that cannot be used."""
    return ReadOutcome(path, checksum, "", "", None, None, (error.problem(path),), error.transient)


def _hiding(outcome: ReadOutcome, raw: bytes, dialect: Dialect) -> ReadOutcome:
    """What cannot be read, and lies among drafts or speaks of being one, is not spoken of in public."""
    front_matter = raw[:_LOOKED_AT].partition(b"\n---")[0].lower()
    sign = "it cannot be read, and may be a draft" if b"draft" in front_matter or b"published" in front_matter else ""
    return replace(outcome, hidden=dialect.hides(outcome.path) or sign)


_LOOKED_AT = 64 * 1024


def _unexpected(error: Exception) -> ContentError:
    return ContentError(
        ProblemCode.RENDER_FAILED,
        f"the file cannot be made a post: {type(error).__name__}: {error}"[:500],
        "simplify it, and report it to Octavo",
    )


def _without_provenance(outcome: ReadOutcome) -> ReadOutcome:
    return replace(outcome, provenance=())


def _read(
    source: SourceFile,
    raw: bytes,
    settings: SiteSettings,
    dialect: Dialect,
    render: Render,
    with_template: bool,
    schema: SchemaCheck | None,
) -> ReadOutcome:
    if aside := dialect.aside(source.path):
        return _set_aside(source, aside)
    document = dialect.document(source.path, raw, settings)
    front_matter = document.front_matter
    outline = dialect.outline(document, settings)
    if isinstance(outline, Aside):
        return _set_aside(source, outline)
    problems = _without_private_keys(
        [*front_matter.problems, *document.problems, *outline.problems], front_matter.values, outline.front_matter
    )
    if schema and is_readable(document):
        problems += breaches(schema, document, outline.front_matter)
    if outline.visibility.hidden:
        return _hidden(source, raw, document, outline, problems, settings, dialect, render, with_template)
    made = _made(source, raw, document, outline, settings, dialect, render, with_template)
    post = made.post
    searched = document_of(post) if post.kind is Kind.POST else None
    return ReadOutcome(
        source.path,
        source.sha256,
        post.id,
        "",
        compose(post, settings, words_of(post, searched) if searched else PostWords()),
        searched,
        _sorted([*problems, *made.problems]),
        made.transient,
        made.uses,
        provenance=post.provenance,
    )


def _hidden(
    source: SourceFile,
    raw: bytes,
    document: Document,
    outline: PostOutline,
    problems: Sequence[ContentProblem],
    settings: SiteSettings,
    dialect: Dialect,
    render: Render,
    with_template: bool,
) -> ReadOutcome:
    """A post that is never public, made for previews. That it stays hidden depends on nothing that making it may do."""
    hidden = outline.visibility.hidden
    outcome = ReadOutcome(
        source.path,
        source.sha256,
        outline.id,
        hidden,
        None,
        None,
        _sorted(problems),
        False,
        provenance=(Provenance("visible", "never", hidden), *outline.provenance),
    )
    try:
        made = _made(source, raw, document, outline, settings, dialect, render, with_template)
        preview = compose(made.post, settings, PostWords())
    except Exception as error:
        failure = out_of_memory(settings.limits.render_memory_bytes)
        problem = (failure if isinstance(error, MemoryError) else _unexpected(error)).problem(source.path)
        return replace(outcome, problems=_sorted([*problems, problem]))
    return replace(
        outcome,
        problems=_sorted([*problems, *made.problems]),
        transient=made.transient,
        uses=made.uses,
        preview=preview,
    )


@dataclass(frozen=True, slots=True)
class _Made:
    """A post with its body rendered, and what that came to; ``transient`` and ``uses`` as in ``ReadOutcome``."""

    post: Post
    problems: tuple[ContentProblem, ...]
    transient: bool
    uses: tuple[str, ...]


def _made(
    source: SourceFile,
    raw: bytes,
    document: Document,
    outline: PostOutline,
    settings: SiteSettings,
    dialect: Dialect,
    render: Render,
    with_template: bool,
) -> _Made:
    prepared = dialect.prepare(document, outline) if with_template else PreparedBody(document.body, AsWritten())
    body = render(prepared.text, prepared.markdown)
    excerpt = _rendered_excerpt(prepared, body, render)
    problems = prepared.problems
    if body.failure:
        problems = (*problems, body.failure.problem(source.path))
    excerpt_html = dialect.excerpt_html(body.rendered, excerpt)
    if outline.excerpt_html is not None:
        safe = settings.html_policy is HtmlPolicy.SAFE
        excerpt_html = sanitise(outline.excerpt_html) if safe else outline.excerpt_html
    links = PostLinks(
        source.path,
        outline.path,
        file_at=dialect.file_at,
        document_at=dialect.document_at,
        form=settings.links,
        site_url=settings.public_url,
        source=dialect.public_files.base,
    )
    excerpt_html = relinked(excerpt_html, links) if excerpt_html else excerpt_html
    cover = _cover(outline.cover, links, dialect) if outline.cover else None
    rendered = replace(body.rendered, html=relinked(body.rendered.html, links))
    markdown = body_as_written(dialect.text_of(raw), document.body)
    to_site = site_links(
        body.rendered.links,
        links,
        dialect.other_pages,
        with_plain_lines(markdown),
        document.body_line,
        partial(dialect.document_meant, path=source.path),
    )
    return _Made(
        _post(source, replace(outline, cover=cover), rendered, excerpt_html, markdown, to_site),
        problems,
        body.failure is not None and body.failure.transient,
        tuple(dict.fromkeys((*prepared.uses, *links.uses))),
    )


def _cover(cover: Cover, links: PostLinks, dialect: Dialect) -> Cover:
    """The cover with its address resolved, and its size where the front matter has none and the file is at hand."""
    resolved = replace(cover, url=links.cover(cover.url))
    if cover.width is not None or cover.height is not None or "://" in cover.url:
        return resolved
    size = dialect.image_size(links.file_of(cover.url)) or dialect.image_size(cover.url)
    return replace(resolved, width=size[0], height=size[1]) if size else resolved


def _rendered_excerpt(prepared: PreparedBody, body: RenderedBody, render: Render) -> Rendered | None:
    """The excerpt rendered by itself; where it is the whole body, the body's rendering is taken."""
    if prepared.excerpt is None:
        return None
    same = prepared.excerpt.strip() == prepared.text.strip()
    return body.rendered if same else render(prepared.excerpt, prepared.markdown).rendered


def _set_aside(source: SourceFile, aside: Aside) -> ReadOutcome:
    reason = (Provenance("post", "no", aside.reason),)
    return ReadOutcome(
        source.path, source.sha256, "", "", None, None, (), False, provenance=reason, aside_at=aside.path
    )


def _without_private_keys(
    problems: Sequence[ContentProblem], written: Mapping[str, object], public: Mapping[str, object]
) -> list[ContentProblem]:
    """The problems, none of which names a private field."""
    told = []
    for problem in problems:
        message = problem.message
        for key in written.keys() - public.keys():
            message = message.replace(repr(key), "of a private field")
        told.append(replace(problem, message=message))
    return told


def _sorted(problems: Sequence[ContentProblem]) -> tuple[ContentProblem, ...]:
    return tuple(sorted(set(problems)))


def _post(
    source: SourceFile,
    outline: PostOutline,
    rendered: Rendered,
    excerpt_html: str | None,
    markdown: str,
    links: tuple[SiteLink, ...],
) -> Post:
    title, title_reason = _title(outline, rendered)
    excerpt, excerpt_source = _excerpt(outline, rendered)
    words = words_in(rendered.text)
    place = outline.place or _place(outline, source.path)
    return Post(
        kind=outline.kind,
        on_site=outline.on_site,
        id=outline.id,
        slug=outline.slug,
        collection=outline.collection,
        lang=outline.lang,
        path=outline.path,
        title=title,
        excerpt=excerpt,
        excerpt_html=excerpt_html,
        excerpt_source=excerpt_source,
        published_at=outline.published_at,
        updated_at=outline.updated_at,
        expires_at=outline.expires_at,
        featured=outline.featured,
        tags=outline.tags,
        categories=outline.categories,
        authors=outline.authors,
        series=outline.series,
        cover=outline.cover,
        word_count=words,
        reading_time=ceil(words / _WORDS_A_MINUTE),
        aliases=outline.aliases,
        front_matter=outline.front_matter,
        source=source,
        status=outline.visibility.status,
        hidden=outline.visibility.hidden,
        visible_from=outline.visibility.visible_from,
        visible_until=outline.visibility.visible_until,
        rendered=rendered,
        markdown=markdown,
        links=links,
        chain=place.chain,
        sequence=place.sequence,
        provenance=(
            *(() if _explains(outline, "title") else (Provenance("title", title, title_reason),)),
            *outline.provenance,
            Provenance("excerpt", excerpt, _EXCERPT_REASONS[excerpt_source]),
        ),
    )


def _place(outline: PostOutline, path: str) -> Place:
    """Posts follow each other by date; a page stands alone."""
    if outline.kind is Kind.PAGE:
        return Place(f"page {outline.id}", "")
    return chronological(outline.published_at, path)


def _explains(outline: PostOutline, name: str) -> bool:
    return any(row.name == name for row in outline.provenance)


def _title(outline: PostOutline, rendered: Rendered) -> tuple[str, str]:
    if outline.title or outline.fallback_title is None:
        return outline.title, "from the front matter" if outline.title else "the front matter has none"
    heading = next((clean(heading.text) for heading in rendered.headings if heading.level == 1), "")
    if heading:
        return heading, "from the first heading of the body"
    return outline.fallback_title, "from the file name: neither front matter nor body has a title"


def _excerpt(outline: PostOutline, rendered: Rendered) -> tuple[str, ExcerptSource]:
    if outline.excerpt:
        return outline.excerpt, ExcerptSource.FRONT_MATTER
    if outline.description:
        return outline.description, ExcerptSource.DESCRIPTION
    if rendered.marker_text is not None and (marked := _prose_before_marker(rendered, rendered.marker_text)):
        return marked, ExcerptSource.MARKER
    return shorten(clean(rendered.first_paragraph), _EXCERPT_CHARACTERS), ExcerptSource.AUTO


def _prose_before_marker(rendered: Rendered, marked: str) -> str:
    """The text before the marker without its headings."""
    parts: list[str] = []
    for section in rendered.sections:
        part = marked[section.start : section.end]
        parts.append(part.partition("\n")[2] if section.trail else part)
    return clean("".join(parts))


_EXCERPT_REASONS = {
    ExcerptSource.FRONT_MATTER: "from excerpt or summary of the front matter",
    ExcerptSource.DESCRIPTION: "from description of the front matter",
    ExcerptSource.MARKER: "what stands before <!--more-->",
    ExcerptSource.AUTO: f"the first paragraph of prose, at most {_EXCERPT_CHARACTERS} characters",
}
