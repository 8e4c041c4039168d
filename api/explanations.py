"""What each error means and what to do about it: the words of ``docs/reference/problems.md``.

Status and title of a code are in ``api.problems``.
"""

from __future__ import annotations

from collections.abc import Mapping

from api.schemas.problems import ErrorCode

EXPLANATIONS: Mapping[ErrorCode, str] = {
    ErrorCode.UNKNOWN_PARAMETER: (
        "The resource has no parameter of this name. A typing mistake must not change what a request means, so "
        "nothing unknown is passed over, except `_` and names that begin with `utm_`, which caches and "
        "newsletters add to links. `suggestion` has the nearest name that exists: `tga` suggests `tag`, `limit` "
        "suggests `per_page`."
    ),
    ErrorCode.REPEATED_PARAMETER: (
        "A parameter that takes one value was given more than once. Which one was meant cannot be known. `tag`, "
        "`not_tag`, `category`, `not_category`, `author`, `series`, `collection`, `lang`, `where`, `include` and "
        "`facet` may be repeated."
    ),
    ErrorCode.MISSING_PARAMETER: (
        "`/v1/search` and `/v1/search/suggest` need `q`; it may be blank, and the search has every post then. "
        "`/v1/resolve` needs a `path`. To list posts without searching, ask `/v1/posts`."
    ),
    ErrorCode.INVALID_PARAMETER: (
        "A value is of the wrong kind, blank, unknown or out of range; `errors` says which and what is taken. "
        "Nothing is capped silently: `per_page=1000` is this error, not a page of 100. `sort=relevance` needs a "
        "query, so it is this error outside `/v1/search`. A repeated parameter takes at most 100 values. Dates "
        "are `2024-05-28` (its midnight in the site's time zone) or RFC 3339 with an offset: "
        "`2024-05-28T23:00:00+02:00`, where the `+` is sent as `%2B`."
    ),
    ErrorCode.INVALID_ENCODING: (
        "The path or the query string is not UTF-8 after percent-decoding (`%ff`, an overlong form, half a "
        "surrogate pair)."
    ),
    ErrorCode.WINDOW_EXCEEDED: (
        "`page` times `per_page` reaches beyond the 10,000th hit of a search. Narrow it with filters. Lists have "
        "no such window."
    ),
    ErrorCode.QUERY_TOO_COSTLY: "A search would need more clauses than one may have: make the query"
    " shorter. Or what is included with a page of posts comes to more than 32 MiB: ask for fewer at once, or include less.",
    ErrorCode.REQUEST_REFUSED: (
        "The server refused the request before a resource was asked, for a reason that has no code of its own. "
        "What is not HTTP at all is answered so as well, and the connection is closed."
    ),
    ErrorCode.UNAUTHORIZED: (
        "`/v1/search/analytics` was asked without the token of `OCTAVO_SEARCH_ANALYTICS_TOKEN`, or with another "
        "one. Send it as `Authorization: Bearer ...`."
    ),
    ErrorCode.POST_NOT_FOUND: (
        "No public post has this slug or id. A draft, a scheduled post and an expired one give the same answer as"
        " one that never was. `suggestions` has the slugs that look alike."
    ),
    ErrorCode.PAGE_NOT_FOUND: (
        "No public page has this id, and none is at this path of the site. Posts are not pages: `GET "
        "/v1/resolve?path=` finds both. `suggestions` has the ids that look alike."
    ),
    ErrorCode.COLLECTION_NOT_FOUND: (
        "No public post or page belongs to a collection of this name. `suggestions` has the names of all collections."
    ),
    ErrorCode.TERM_NOT_FOUND: (
        "No public post carries this tag, category, author or series. `suggestions` has those that look alike."
    ),
    ErrorCode.PATH_NOT_FOUND: (
        "No public post or page has, or had, this address on the site (`GET /v1/resolve?path=`). `suggestions` "
        "has the paths that look alike."
    ),
    ErrorCode.ASSET_NOT_FOUND: (
        "The content folder has no public file at this path. Public are images, PDF, audio, video, fonts, `zip`, "
        "`txt` and `csv` that the site's generator publishes ([which these are](front-matter.md#files)); never "
        "Markdown, HTML, scripts, or what lies behind a symbolic link. A file that is kept back and one that is "
        "missing are answered alike. Without `OCTAVO_CONTENT_DIR` there are none."
    ),
    ErrorCode.ROUTE_NOT_FOUND: "Nothing is served at this address. `suggestions` has the routes that look alike.",
    ErrorCode.METHOD_NOT_ALLOWED: (
        "The API is read with `GET` and `HEAD`; `OPTIONS` answers what browsers ask before they read. See the "
        "`Allow` header."
    ),
    ErrorCode.BODY_TIMEOUT: (
        "A request brought a body, which no resource needs, and it did not arrive within 10 seconds "
        "(`OCTAVO_BODY_SECONDS`)."
    ),
    ErrorCode.BODY_TOO_LARGE: "A request brought a body of more than 64 KiB (`OCTAVO_BODY_BYTES`). The connection is closed.",
    ErrorCode.URI_TOO_LONG: "The request line is longer than 8 KiB (`OCTAVO_REQUEST_LINE_BYTES`). The connection is closed.",
    ErrorCode.RANGE_NOT_SATISFIABLE: "`Range` begins behind the end of the file; `Content-Range` says how long it is.",
    ErrorCode.HEADERS_TOO_LARGE: (
        "The request has more than 64 headers (`OCTAVO_HEADER_COUNT`) or more than 16 KiB of them "
        "(`OCTAVO_HEADER_BYTES`). The connection is closed."
    ),
    ErrorCode.INTERNAL_ERROR: (
        "Something failed that nobody foresaw. The log has an entry with the `request_id`; please report it."
    ),
    ErrorCode.NOT_READY: (
        "No generation of the index has been published yet: the indexer is still reading, or does not run. Try "
        "again after `retry_after` seconds. `/readyz` answers this too, until the first generation is open."
    ),
    ErrorCode.SEARCH_BUSY: (
        "Too many searches run at once: `OCTAVO_SEARCH_CONCURRENCY` (2) a worker, and `OCTAVO_SEARCH_QUEUE` (8) "
        "more may wait `OCTAVO_SEARCH_WAIT_MS` (100) milliseconds. Everything else is served as ever. Try again "
        "after `retry_after` seconds."
    ),
    ErrorCode.SEARCH_UNAVAILABLE: "The search engine does not answer. Lists and posts are served as ever.",
    ErrorCode.SIGNATURE_INVALID: (
        "`/v1/hooks/refresh` was called without a signature, or with one that is wrong, incomplete or more than "
        "300 seconds old or ahead. Which of these is not said. Look at the secret on both sides, at the clocks, "
        "and at whether something on the way changes the body."
    ),
    ErrorCode.RATE_LIMITED: (
        "The caller, known by its read key or its address, has asked more often than `OCTAVO_RATE_LIMIT` or "
        "`OCTAVO_SEARCH_RATE_LIMIT` allows. Try again after `retry_after` seconds. `RateLimit` and `RateLimit-"
        "Policy`, on every answer where there are limits, say what is left."
    ),
    ErrorCode.HOOK_UNAVAILABLE: (
        "The call of `/v1/hooks/refresh` is right, but the file that tells the indexer could not be written "
        "(`OCTAVO_HOOK_FILE`); the log says which and why. The same call may be made again."
    ),
    ErrorCode.SITEMAP_NOT_FOUND: (
        "`/sitemap.xml` cannot be written: the public site's address is not known (set `OCTAVO_PUBLIC_URL`), "
        "nothing is published yet, or the sitemap has no part with the number that `page` asks for. `detail` says"
        " which."
    ),
    ErrorCode.PREVIEWS_OFF: (
        "A preview token was sent, and the service has no `OCTAVO_PREVIEW_SECRET`. Without a token the public "
        "post is answered as ever."
    ),
    ErrorCode.PREVIEW_TOKEN_INVALID: (
        "The preview token was made with another secret, has been changed, or is for another post or page: a "
        "token for a slug does not open the same post by its id. Whether there is such a draft is not told. "
        "`octavo preview-token` makes tokens ([previews](../guides/previews.md))."
    ),
    ErrorCode.PREVIEW_TOKEN_EXPIRED: "The preview token is genuine, and its time is over. Make another.",
    ErrorCode.SINCE_UNKNOWN: (
        "`/v1/changes` cannot tell what changed since then: this server never had that state of the content, or "
        "had it more than 10,000 changes ago, or the instant lies before the first state that it knows. Nothing "
        "is left out silently, so take `/v1/export` anew and go on with its `X-Content-Generation`. See [keeping "
        "a copy](../guides/sync.md)."
    ),
    ErrorCode.EVENTS_BUSY: (
        "As many clients listen to `/v1/events` as one worker takes (`OCTAVO_EVENT_STREAMS`, 100). Try again "
        "after `retry_after` seconds, or ask `/v1/changes` now and then."
    ),
}
