import Link from 'next/link'
import { notFound } from 'next/navigation'
import { href, listPosts, type PostSummary } from '@/lib/octavo'
import { Facts } from './facts'

/** The number that a page's address has; what is no number is no page. */
export function readPageNumber(text: string): number {
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : notFound()
}

export function Entry({ post, html }: { post: PostSummary; html?: string | undefined }) {
  return (
    <article lang={post.lang}>
      <h2>
        <Link href={href(post)}>{post.title}</Link>
      </h2>
      <Facts post={post} />
      {html === undefined ? <p>{post.excerpt}</p> : <p dangerouslySetInnerHTML={{ __html: html }} />}
    </article>
  )
}

/** One page of a list; `base` is the address of the first one. */
export async function PostPage(props: { heading: string; number: number; base: string; tag?: string }) {
  const { heading, number, base, tag } = props
  const { items, pagination } = await listPosts(number, tag)
  if (number > 1 && items.length === 0) notFound()
  const address = (page: number) => (page === 1 ? base : `${base}page/${page}/`)
  return (
    <>
      <h1>{heading}</h1>
      {items.map(post => (
        <Entry key={post.id} post={post} />
      ))}
      {pagination.total_pages > 1 && (
        <nav className="pages" aria-label="Pages">
          {pagination.prev && (
            <Link rel="prev" href={address(number - 1)}>
              Newer
            </Link>
          )}
          <span>
            Page {number} of {pagination.total_pages}
          </span>
          {pagination.next && (
            <Link rel="next" href={address(number + 1)}>
              Older
            </Link>
          )}
        </nav>
      )}
    </>
  )
}
