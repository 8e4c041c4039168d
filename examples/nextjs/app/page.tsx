import { PostPage } from '@/components/post-list'

export const ensureStatic = 'navigation'

export default function Home() {
  return <PostPage heading="Posts" number={1} base="/" />
}
