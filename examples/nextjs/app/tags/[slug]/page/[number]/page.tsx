import type { Metadata } from 'next'
import { notFound, permanentRedirect } from 'next/navigation'
import { PostPage, readPageNumber } from '@/components/post-list'
import { getTag, listTags, type Term } from '@/lib/octavo'
import { decoded } from '@/lib/segments'

type Props = PageProps<'/tags/[slug]/page/[number]'>

export const ensureStatic = 'navigation'

/** One sample; all others are made when they are first asked for. */
export async function generateStaticParams() {
  const [tag] = await listTags()
  return [{ slug: tag?.slug ?? 'none', number: '2' }]
}

async function tagOf({ params }: Props): Promise<Term> {
  return (await getTag(decoded((await params).slug))) ?? notFound()
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await tagOf(props)).name }
}

export default async function Page(props: Props) {
  const { slug, name } = await tagOf(props)
  const base = `/tags/${encodeURIComponent(slug)}/`
  const number = readPageNumber((await props.params).number)
  if (number === 1) permanentRedirect(base)
  return <PostPage heading={name} number={number} base={base} tag={slug} />
}
