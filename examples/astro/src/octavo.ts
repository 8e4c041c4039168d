import type { components } from './octavo.gen'

export type Index = components['schemas']['Index']
export type Post = components['schemas']['Post']
export type Problem = components['schemas']['ProblemDocument']
export type SearchResults = components['schemas']['SearchResults']

/** Where Octavo is for the reader's browser, which asks it when somebody searches. */
export const PUBLIC_API: string = import.meta.env['PUBLIC_OCTAVO_API'] ?? 'http://localhost:8000'

export const PER_PAGE = 10

/** Newest first, as Octavo's lists are; undated posts last. */
export function newestFirst(one: { data: Post }, other: { data: Post }): number {
  return moment(other.data) - moment(one.data)
}

function moment({ published_at }: Post): number {
  return published_at === null ? Number.NEGATIVE_INFINITY : Date.parse(published_at)
}

/** What Astro calls `path`: without the slashes around it. */
export function pathParameter(path: string): string {
  return path.split('/').filter(Boolean).join('/')
}

/** A problem document of the API in one line. */
export function inWords({ code, detail, errors }: Problem): string {
  return [`${code}: ${detail}`, ...errors.map(({ name, message }) => `${name}: ${message}`)].join('; ')
}
