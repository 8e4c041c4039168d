import type { Metadata } from 'next'
import { notFound, permanentRedirect } from 'next/navigation'
import { Article } from '@/components/article'
import { getPost, href, listPosts, resolve, type Resolution } from '@/lib/octavo'
import { decoded, samePath } from '@/lib/segments'

type Props = PageProps<'/[...path]'>

export const ensureStatic = 'navigation'

/** The newest posts; all others are made when they are first asked for, and kept. */
export async function generateStaticParams() {
  const { items } = await listPosts(1)
  const known = items.map(post => ({ path: post.path.split('/').filter(segment => segment !== '') }))
  return known.length > 0 ? known : [{ path: ['none'] }]
}

async function find({ params }: Props): Promise<Resolution | null> {
  return resolve(`/${(await params).path.map(decoded).join('/')}`)
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const post = (await find(props))?.post
  if (!post) return {}
  const canonical = post.url ?? href(post)
  return {
    title: post.title,
    description: post.excerpt,
    alternates: { canonical },
    authors: post.authors.map(({ name }) => ({ name })),
    openGraph: {
      type: 'article',
      url: canonical,
      title: post.title,
      description: post.excerpt,
      tags: post.tags.map(({ name }) => name),
      authors: post.authors.map(({ name }) => name),
      ...(post.published_at && { publishedTime: post.published_at }),
      ...(post.updated_at && { modifiedTime: post.updated_at }),
      ...(post.cover && { images: [{ url: post.cover.url, alt: post.cover.alt }] })
    }
  }
}

export default async function Page(props: Props) {
  const found = await find(props)
  if (!found) notFound()
  if (!samePath(found.location, found.path)) permanentRedirect(found.location)
  return <Article post={await getPost(found.post)} />
}
