import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PostPage } from '@/components/post-list'
import { getTag, listTags, type Term } from '@/lib/octavo'
import { decoded } from '@/lib/segments'

type Props = PageProps<'/tags/[slug]'>

export const ensureStatic = 'navigation'

export async function generateStaticParams() {
  const tags = await listTags()
  return tags.length > 0 ? tags.map(({ slug }) => ({ slug })) : [{ slug: 'none' }]
}

async function tagOf({ params }: Props): Promise<Term> {
  return (await getTag(decoded((await params).slug))) ?? notFound()
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { name, description } = await tagOf(props)
  return { title: name, ...(description && { description }) }
}

export default async function TagPage(props: Props) {
  const { slug, name } = await tagOf(props)
  return <PostPage heading={name} number={1} base={`/tags/${encodeURIComponent(slug)}/`} tag={slug} />
}
