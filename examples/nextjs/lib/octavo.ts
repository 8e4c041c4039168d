import { cacheLife } from 'next/cache'
import createClient from 'openapi-fetch'
import { keepByTags } from '@/lib/cache-tags'
import type { components, paths } from '@/lib/octavo.gen'

type Schemas = components['schemas']
export type Post = Schemas['Post']
export type PostList = Schemas['PostList']
export type PostSummary = Schemas['PostSummary']
export type Resolution = Schemas['Resolution']
export type SearchResults = Schemas['SearchResults']
export type Term = Schemas['Term']
type Problem = Schemas['ProblemDocument']

export const PER_PAGE = 10

const octavo = createClient<paths>({ baseUrl: process.env['OCTAVO_API'] ?? 'http://localhost:8000' })

/** What an error of the API becomes where the page cannot go on without the answer. */
function failure(problem: Problem): Error {
  const reasons = problem.errors.map(({ name, message }) => `${name}: ${message}`)
  return new Error([`${problem.code}: ${problem.detail}`, ...reasons].join('; '))
}

/** A page of the posts, from 1; of those with a tag where one is given. */
export async function listPosts(page: number, tag?: string): Promise<PostList> {
  'use cache'
  const query = { page, per_page: PER_PAGE, ...(tag === undefined ? {} : { tag: [tag] }) }
  const { data, error, response } = await octavo.GET('/v1/posts', { params: { query } })
  if (error) throw failure(error)
  keepByTags(response)
  return data
}

/** All tags, with the number of their posts. */
export async function listTags(): Promise<Term[]> {
  'use cache'
  const { data, error, response } = await octavo.GET('/v1/tags')
  if (error) throw failure(error)
  keepByTags(response)
  return data.items
}

/** The tag, null where no post carries it. */
export async function getTag(slug: string): Promise<Term | null> {
  'use cache'
  const { data, error, response } = await octavo.GET('/v1/tags/{slug}', { params: { path: { slug } } })
  if (error && error.code !== 'term_not_found') throw failure(error)
  keepByTags(response, 'tags')
  return data ?? null
}

/** What is at a path of the site, null where nothing is. */
export async function resolve(path: string): Promise<Resolution | null> {
  'use cache'
  const { data, error, response } = await octavo.GET('/v1/resolve', { params: { query: { path } } })
  if (error && error.code !== 'path_not_found') throw failure(error)
  keepByTags(response, 'resolve')
  return data ?? null
}

/** The whole post or page of which a summary was given. */
export async function getPost({ api_url, kind }: Pick<PostSummary, 'api_url' | 'kind'>): Promise<Post> {
  'use cache'
  const key = decodeURIComponent(api_url.replace(/^\/v1\/[^/]+\//, ''))
  const { data, error, response } =
    kind === 'page'
      ? await octavo.GET('/v1/pages/{path}', { params: { path: { path: key } } })
      : await octavo.GET('/v1/posts/{slug}', { params: { path: { slug: key } } })
  if (error) throw failure(error)
  keepByTags(response)
  return data
}

/** The site's title. It has no tag: every change of the content touches the answer, and hardly any changes the title. */
export async function siteTitle(): Promise<string> {
  'use cache'
  cacheLife('hours')
  const { data, error } = await octavo.GET('/v1')
  if (error) throw failure(error)
  return data.title || 'Posts'
}

/** Search results, or the problem with the query. Never kept. */
export async function search(q: string, page: number): Promise<SearchResults | Problem> {
  const query = { q, page, per_page: PER_PAGE }
  const { data, error } = await octavo.GET('/v1/search', { params: { query }, cache: 'no-store' })
  return data ?? error
}

/** A post that is not public yet, for whoever has a token from `octavo preview-token`; the problem where it does not open. */
export async function previewPost(slug: string, token: string): Promise<Post | Problem> {
  const params = { path: { slug }, header: { 'X-Preview-Token': token } }
  const { data, error } = await octavo.GET('/v1/posts/{slug}', { params, cache: 'no-store' })
  return data ?? error
}

export function isProblem(answer: object): answer is Problem {
  return 'code' in answer
}

/** The site's own address of a post, as it stands in a link. */
export function href({ path }: Pick<PostSummary, 'path'>): string {
  return encodeURI(path)
}
