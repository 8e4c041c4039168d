/**
 * A reader for an Octavo API: a list with tags and pages, a search as you type, and posts.
 *
 * Where the reader is stands behind the `#`: `#/?q=fox&tag=python&page=2` is a list, `#/posts/hello` is the post whose
 * `api_url` is `/v1/posts/hello`. So links can be shared, and the back button works.
 */

const API = (
  new URLSearchParams(location.search).get('api') ?? document.querySelector('meta[name="octavo-api"]').content
).replace(/\/+$/, '')
const PER_PAGE = 10
const FREQUENT = 8
const CONVENIENCES = { html: setHtml, text: (element, text) => (element.textContent = text) }

const view = document.getElementById('view')
const box = document.getElementById('q')
const status = document.getElementById('status')
const suggestions = document.getElementById('suggestions')

let asking = new AbortController()
let suggesting = new AbortController()
let siteTitle = 'Posts'

/** What Octavo answers to an error: an RFC 9457 problem document. */
class Problem extends Error {
  constructor(document) {
    super(document.title)
    this.document = document
  }
}

async function get(address, signal) {
  const response = await fetch(API + address, { signal })
  if (response.ok) return response.json()
  if (response.headers.get('content-type')?.startsWith('application/problem+json')) {
    throw new Problem(await response.json())
  }
  throw new Error(`${API} answered ${response.status} ${response.statusText}`)
}

/** An element with attributes and children; `html` and `text` are what stands in it. Undefined attributes are left out. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue
    if (key in CONVENIENCES) CONVENIENCES[key](made, value)
    else made.setAttribute(key, value)
  }
  made.append(...children.filter(child => child !== null))
  return made
}

/**
 * The HTML of posts and highlights. It is sanitised by Octavo (OCTAVO_HTML_POLICY=safe), and the page's policy runs no
 * script that stands in it. Its images are at the API, so their addresses are made whole before the browser sees them.
 */
function setHtml(parent, html) {
  const template = document.createElement('template')
  template.innerHTML = html
  for (const media of template.content.querySelectorAll('[src^="/"]')) {
    media.setAttribute('src', API + media.getAttribute('src'))
  }
  for (const media of template.content.querySelectorAll('[srcset]')) media.removeAttribute('srcset')
  for (const table of template.content.querySelectorAll('table, pre')) table.tabIndex = 0 // can be scrolled by keyboard
  parent.replaceChildren(template.content)
}

/** `#/?…` with a parameter set, or without it where the value is empty; always the first page of what that gives. */
function listAddress(query, key, value) {
  const next = new URLSearchParams(query)
  if (key !== 'page') next.delete('page')
  next.delete(key)
  if (value) next.set(key, value)
  return next.size ? `#/?${next}` : '#/'
}

/** The address in this reader of what the API has at `api_url`. */
const readerAddress = apiUrl => `#${apiUrl.slice('/v1'.length)}`

/** The day as its author meant it, whatever the zone of the browser. */
function day(timestamp) {
  if (!timestamp) return null
  const date = timestamp.slice(0, 10)
  const shown = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(date))
  return element('time', { datetime: timestamp, text: shown })
}

function facts(post) {
  const authors = post.authors.map(author => author.name).join(', ')
  const parts = [day(post.published_at), authors, post.reading_time ? `${post.reading_time} min` : null].filter(Boolean)
  return element('p', { class: 'facts' }, ...parts.flatMap((part, place) => (place ? [' · ', part] : [part])))
}

function tagLinks(post) {
  if (!post.tags.length) return null
  const links = post.tags.map(tag =>
    element('li', {}, element('a', { href: listAddress('', 'tag', tag.slug), text: tag.name }))
  )
  return element('ul', { class: 'tags', 'aria-label': 'Tags' }, ...links)
}

function entry(post, highlights) {
  const title = highlights?.find(({ field }) => field === 'title')
  const passage = highlights?.find(({ field }) => field === 'body' || field === 'summary' || field === 'code')
  const link = element('a', { href: readerAddress(post.api_url), lang: post.lang })
  if (title) setHtml(link, title.html)
  else link.textContent = post.title
  return element(
    'article',
    {},
    element('h2', {}, link),
    facts(post),
    passage ? element('p', { html: passage.html }) : element('p', { text: post.excerpt })
  )
}

function tagFacet(facets, query) {
  const facet = facets.find(({ field }) => field === 'tag')
  if (!facet?.buckets.length) return null
  const links = facet.buckets.map(bucket => {
    const href = listAddress(query, 'tag', bucket.selected ? '' : bucket.value)
    const current = bucket.selected ? 'true' : undefined
    const count = element('span', { class: 'count', text: bucket.count })
    return element('li', {}, element('a', { href, 'aria-current': current }, bucket.label, ' ', count))
  })
  if (facet.truncated) links.push(element('li', { text: 'and others' }))
  const list = tags => element('ul', { class: 'tags' }, ...tags)
  const frequent = list(links.slice(0, FREQUENT))
  const others = element('details', {}, element('summary', { text: 'More tags' }), list(links.slice(FREQUENT)))
  return element('nav', { 'aria-label': 'Tags' }, frequent, links.length > FREQUENT ? others : null)
}

function pageLinks({ page, total_pages: pages }, query) {
  if (pages < 2) return null
  const link = (number, text, rel) => element('a', { href: listAddress(query, 'page', `${number}`), rel, text })
  return element(
    'nav',
    { class: 'pages', 'aria-label': 'Pages' },
    page > 1 ? link(page - 1, 'Newer', 'prev') : null,
    element('span', { text: `Page ${page} of ${pages}` }),
    page < pages ? link(page + 1, 'Older', 'next') : null
  )
}

async function showList(query, signal) {
  const q = query.get('q') ?? ''
  const asked = new URLSearchParams({ per_page: PER_PAGE, facet: 'tag' })
  for (const key of ['q', 'tag', 'page']) if (query.get(key)) asked.set(key, query.get(key))
  const found = await get(`${q ? '/v1/search' : '/v1/posts'}?${asked}`, signal)
  const total = found.pagination.total
  const tag = query.get('tag')
  const heading = q ? `Results for “${q}”` : tag ? `Posts tagged ${tag}` : siteTitle
  const better = found.did_you_mean
  const correction = better && element('a', { href: listAddress(query, 'q', better), text: better })
  const entries = q
    ? found.items.map(hit => entry(hit.post, hit.highlights))
    : found.items.map(post => entry(post))
  view.replaceChildren(
    ...[
      element('h1', { tabindex: -1, text: heading }),
      correction && element('p', {}, 'Did you mean ', correction, '?'),
      tagFacet(found.facets, query),
      ...entries,
      total ? null : element('p', { text: 'Nothing here.' }),
      pageLinks(found.pagination, query)
    ].filter(Boolean)
  )
  status.textContent = `${total} ${total === 1 ? 'post' : 'posts'}`
  document.title = heading
}

async function showPost(apiUrl, signal) {
  const post = await get(apiUrl, signal)
  const { url, alt, width, height } = post.cover ?? {}
  const cover = url && element('img', { class: 'cover', src: url.startsWith('/') ? API + url : url, alt, width, height })
  const near = [
    post.prev && element('a', { href: readerAddress(post.prev.api_url), rel: 'prev', text: post.prev.title }),
    post.next && element('a', { href: readerAddress(post.next.api_url), rel: 'next', text: post.next.title })
  ].filter(Boolean)
  view.replaceChildren(
    element(
      'article',
      { class: 'post', lang: post.lang },
      element('h1', { tabindex: -1, text: post.title }),
      facts(post),
      tagLinks(post),
      cover ?? null,
      element('div', { html: post.html })
    ),
    element('nav', { class: 'pages', 'aria-label': 'Older and newer' }, ...near)
  )
  status.textContent = ''
  document.title = `${post.title} · ${siteTitle}`
}

function showError(error) {
  const problem = error instanceof Problem ? error.document : null
  const heading = problem ? problem.title : 'The API does not answer'
  const detail = problem
    ? problem.detail
    : `${error.message}. Is ${API} the right address? It stands in index.html, or behind ?api=.`
  const nearby = Object.entries({ post_not_found: '#/posts/', page_not_found: '#/pages/', path_not_found: '' })
    .filter(([code]) => code === problem?.code)
    .flatMap(([, before]) => problem.suggestions.map(near => ({ href: before + encodeURI(near), text: near })))
    .map(link => element('li', {}, element('a', link)))
  view.replaceChildren(
    ...[
      element('h1', { tabindex: -1, text: heading }),
      element('p', { text: detail }),
      ...(problem?.errors ?? []).map(part => element('p', { text: `${part.name}: ${part.message}` })),
      nearby.length
        ? element('section', {}, element('h2', { text: 'Did you mean' }), element('ul', { class: 'nearby' }, ...nearby))
        : null,
      element('p', {}, element('a', { href: '#/', text: 'All posts' }))
    ].filter(Boolean)
  )
  status.textContent = ''
  document.title = heading
}

/** Show what the address says. What was asked for before is not waited for any more. */
async function show({ focus = false, top = null } = {}) {
  asking.abort()
  const { signal } = (asking = new AbortController())
  const { path, query } = place()
  if (document.activeElement !== box) box.value = query.get('q') ?? ''
  try {
    if (path === '/') await showList(query, signal)
    else await showPost(`/v1${path}`, signal)
  } catch (error) {
    if (error.name === 'AbortError') return
    showError(error)
  }
  if (focus) view.querySelector('h1').focus({ preventScroll: true })
  if (top !== null) scrollTo(0, top)
}

/** Where the reader is: the path behind the `#` and its parameters. */
function place() {
  const [path, query] = location.hash.slice(1).split('?')
  return { path: path.startsWith('/') ? path : '/', query: new URLSearchParams(query) }
}

async function suggest(text) {
  suggesting.abort()
  const { signal } = (suggesting = new AbortController())
  if (!text.trim()) return suggestions.replaceChildren()
  const asked = new URLSearchParams({ q: text, per_page: 5 })
  try {
    const { items } = await get(`/v1/search/suggest?${asked}`, signal)
    suggestions.replaceChildren(...items.map(suggested))
  } catch (error) {
    if (error.name !== 'AbortError') suggestions.replaceChildren() // the results say what is wrong
  }
}

function suggested({ kind, text, api_url: apiUrl }) {
  if (kind === 'title') return element('li', {}, element('a', { href: readerAddress(apiUrl), text }))
  if (kind === 'tag') {
    const slug = decodeURIComponent(apiUrl.slice('/v1/tags/'.length))
    return element('li', {}, element('a', { href: listAddress('', 'tag', slug), text: `#${text}` }))
  }
  return element('li', {}, element('a', { href: listAddress('', 'q', text), text }))
}

box.addEventListener('input', () => {
  const { path, query } = place()
  const searching = path === '/' && query.has('q')
  const next = listAddress(path === '/' ? query : '', 'q', box.value.trim())
  // One step of the history for a search, not one for each letter.
  if (searching) history.replaceState(null, '', next)
  else history.pushState(null, '', next)
  show()
  suggest(box.value)
})
box.form.addEventListener('submit', event => {
  event.preventDefault()
  view.querySelector('h1')?.focus()
})

/** Links to the site itself: to a heading of the post that is shown, or to another post by the site's own path. */
document.addEventListener('click', async event => {
  const href = event.target.closest('a[href]')?.getAttribute('href')
  if (!href || href.startsWith('#/') || event.ctrlKey || event.metaKey || event.shiftKey) return
  if (href.startsWith('#')) {
    event.preventDefault()
    const target = document.getElementById(decodeURIComponent(href.slice(1)))
    target?.scrollIntoView()
    target?.focus({ preventScroll: true })
  } else if (/^\/(?!\/)/.test(href)) {
    event.preventDefault()
    await follow(href)
  }
})

/** Go to what the site has at one of its own paths; a file of it is at the same path of the API. */
async function follow(href) {
  const [path] = href.split(/[?#]/)
  try {
    const found = await get(`/v1/resolve?${new URLSearchParams({ path })}`)
    location.hash = readerAddress(found.post.api_url)
  } catch (error) {
    if (/\.\w+$/.test(path)) location.assign(API + href)
    else showError(error)
  }
}

history.scrollRestoration = 'manual'
addEventListener('scrollend', () => history.replaceState({ top: scrollY }, ''))
addEventListener('popstate', event => {
  suggestions.replaceChildren()
  show({ focus: true, top: event.state?.top ?? 0 })
})

try {
  siteTitle = (await get('/v1')).title || siteTitle
  document.querySelector('.site').textContent = siteTitle
} catch {
  // The list, which is asked for next, says what is wrong.
}
show()
