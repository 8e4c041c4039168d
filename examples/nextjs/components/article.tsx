import Link from 'next/link'
import { href, type Post } from '@/lib/octavo'
import { Facts } from './facts'

/** A post, whole. Its HTML is sanitised by Octavo (OCTAVO_HTML_POLICY=safe). */
export function Article({ post }: { post: Post }) {
  const { cover, prev, next } = post
  return (
    <>
      <article className="post" lang={post.lang}>
        <h1>{post.title}</h1>
        <Facts post={post} />
        {post.tags.length > 0 && (
          <ul className="tags" aria-label="Tags">
            {post.tags.map(tag => (
              <li key={tag.slug}>
                <Link href={`/tags/${encodeURIComponent(tag.slug)}/`}>{tag.name}</Link>
              </li>
            ))}
          </ul>
        )}
        {cover && (
          <img
            className="cover"
            src={cover.url}
            alt={cover.alt}
            width={cover.width ?? undefined}
            height={cover.height ?? undefined}
          />
        )}
        <div dangerouslySetInnerHTML={{ __html: post.html }} />
      </article>
      {(prev ?? next) && (
        <nav className="pages" aria-label="Older and newer">
          {prev && (
            <Link rel="prev" href={href(prev)}>
              {prev.title}
            </Link>
          )}
          {next && (
            <Link rel="next" href={href(next)}>
              {next.title}
            </Link>
          )}
        </nav>
      )}
    </>
  )
}
