// What a frontend does with the client of @hey-api/openapi-ts, against the Octavo at OCTAVO_BASE. No cast, no `any`.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { exportPosts, getAsset, getPost, getPostMarkdown, listPosts, search } from '../generated/index.js';
import type { ErrorCode, ListedPost, ListPostsData, PostList } from '../generated/index.js';
import { client } from '../generated/client.gen.js';

type Query = NonNullable<ListPostsData['query']>;

const baseUrl = process.env['OCTAVO_BASE'];
assert(baseUrl, 'OCTAVO_BASE is the address of a running Octavo');
client.setConfig({ baseUrl });

async function page(query: Query): Promise<PostList> {
  const { data, error } = await listPosts({ query });
  return data ?? assert.fail(error?.detail);
}

async function firstPost(): Promise<ListedPost> {
  const [post] = (await page({ per_page: 1 })).items;
  return post ?? assert.fail('the site has no posts');
}

function assertWhole(pages: PostList[]): void {
  const ids = pages.flatMap((list) => list.items.map((post) => post.id));
  const total = pages[0]?.pagination.total ?? 0;
  assert(total > 7, 'one page is no test of paging');
  assert.equal(ids.length, total);
  assert.equal(new Set(ids).size, total);
}

test('all posts, page by page', async () => {
  const pages = [];
  let list = await page({ per_page: 7 });
  for (let number = 2; list.pagination.next !== null; number++) {
    pages.push(list);
    list = await page({ per_page: 7, page: number });
    assert.equal(list.pagination.page, number);
  }
  assertWhole([...pages, list]);
});

test('all posts, by cursor', async () => {
  const pages = [];
  let list = await page({ per_page: 7 });
  while (list.pagination.next_cursor !== null) {
    pages.push(list);
    list = await page({ per_page: 7, cursor: list.pagination.next_cursor });
    assert.equal(list.pagination.page, null);
  }
  assertWhole([...pages, list]);
});

test('a search with facets', async () => {
  const { data, error } = await search({ query: { q: 'octavo', facet: ['tag', 'year'], per_page: 3 } });
  assert(data, error?.detail);
  const [hit] = data.items;
  assert(hit && hit.score > 0 && hit.post.title);
  assert(data.items.some((item) => item.highlights.some((highlight) => highlight.html.includes('<mark>'))));
  assert.deepEqual(data.facets.map((facet) => facet.field), ['tag', 'year']);
  const [bucket] = data.facets[0]?.buckets ?? [];
  assert(bucket && bucket.count > 0 && !bucket.selected);

  const narrowed = await search({ query: { q: 'octavo', tag: [bucket.value] } });
  assert.equal(narrowed.data?.pagination.total, bucket.count);
});

test('a post that is not there is a typed problem', async () => {
  const { slug } = await firstPost();
  const { data, error, response } = await getPost({ path: { slug: `${slug}x` } });
  assert.equal(data, undefined);
  assert(error);
  const code: ErrorCode = error.code;
  assert.equal(code, 'post_not_found');
  assert.equal(error.status, response?.status);
  assert(error.suggestions.includes(slug));
});

test('one post, by its slug and by its id', async () => {
  const { id, slug } = await firstPost();
  for (const key of [slug, id]) {
    const { data: post, error } = await getPost({ path: { slug: key } });
    assert(post, error?.detail);
    assert.equal(post.id, id);
    assert(post.html.startsWith('<'));
    const levels: number[] = post.toc.map((heading) => heading.level);
    assert(levels.every((level) => level >= 1 && level <= 6));
    assert.equal(post.next, null);
    assert(post.prev?.api_url.startsWith('/v1/posts/'));
  }
});

test('the Markdown of a post is text', async () => {
  const { slug } = await firstPost();
  const { data, error } = await getPostMarkdown({ path: { slug } });
  assert(data !== undefined, error?.detail);
  assert(data.includes('## '));
});

test('the export is a post a line', async () => {
  const { data, error } = await exportPosts({ parseAs: 'text' });
  assert(data, error?.detail);
  assert.equal(data.trimEnd().split('\n').length, (await page({})).pagination.total);
});

test('a file is bytes', async () => {
  const { data, error } = await getAsset({ path: { path: 'images/first-steps.png' } });
  assert(data, error?.detail);
  const start: ArrayBuffer = await data.slice(1, 4).arrayBuffer();
  assert.deepEqual([...new Uint8Array(start)], [...Buffer.from('PNG')]);
});

test('what a list includes is there where it was asked for', async () => {
  const asked = await listPosts({ query: { include: ['html', 'toc'], per_page: 2 } });
  for (const post of asked.data?.items ?? assert.fail(asked.error?.detail)) {
    const html: string | undefined = post.html;
    assert(html?.startsWith('<'));
    assert(post.toc);
  }
  assert.equal((await firstPost()).html, undefined);
});

test('an unknown parameter is refused with what was probably meant', async () => {
  const { error } = await listPosts({
    // @ts-expect-error there is no such parameter
    query: { tga: ['python'] },
  });
  const [wrong] = error?.errors ?? [];
  assert(wrong);
  assert.equal(wrong.in, 'query');
  assert.equal(wrong.code, 'unknown_parameter');
  assert.equal(wrong.suggestion, 'tag');
});
