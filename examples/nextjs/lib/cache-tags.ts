import { cacheLife, cacheTag } from 'next/cache'

/** The tags of Octavo's Cache-Tag header, which stand in it percent-encoded and separated by blanks. */
export function splitCacheTags(header: string | null): string[] {
  return header ? header.split(' ').filter(tag => tag !== '') : []
}

/**
 * Keep what the calling `use cache` function gives until one of its tags is revalidated, and an hour at most, in case nobody
 * tells us. An error has no tags: `otherwise` are those of what would make it go away.
 */
export function keepByTags(response: Response, ...otherwise: string[]): void {
  const tags = splitCacheTags(response.headers.get('cache-tag'))
  for (const tag of tags.length > 0 ? tags : otherwise) cacheTag(tag)
  cacheLife({ stale: 60, revalidate: 3600, expire: 86400 })
}
