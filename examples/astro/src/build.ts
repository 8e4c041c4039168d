import type { Index } from './octavo'

/** Where Octavo is for the build. */
export const API: string = process.env['OCTAVO_API'] ?? 'http://localhost:8000'

let title: Promise<string> | undefined

/** The site's title, asked for once. */
export function siteTitle(): Promise<string> {
  title ??= fetch(`${API}/v1`)
    .then(response => response.json() as Promise<Index>)
    .then(index => index.title || 'Posts')
  return title
}
