import type { Metadata } from 'next'
import { permanentRedirect } from 'next/navigation'
import { PostPage, readPageNumber } from '@/components/post-list'

export const ensureStatic = 'navigation'

export const metadata: Metadata = { title: 'Posts' }

/** The second page, as a sample; the others are made when they are first asked for. */
export async function generateStaticParams() {
  return [{ number: '2' }]
}

export default async function Page({ params }: PageProps<'/page/[number]'>) {
  const number = readPageNumber((await params).number)
  if (number === 1) permanentRedirect('/')
  return <PostPage heading="Posts" number={number} base="/" />
}
