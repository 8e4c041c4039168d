// Proof that the types are there: whatever stands below an "expect-error" must not compile, all else must.
import { listPosts, search } from '../generated/index.js';
import type { ListedPost, Post, ProblemDocument, SearchHit, SearchResults } from '../generated/index.js';

type IsAny<T> = 0 extends 1 & T ? true : false;

export const nothingIsAny: [
  IsAny<Post['title']>,
  IsAny<Post['prev']>,
  IsAny<SearchHit['highlights'][number]>,
  IsAny<ProblemDocument['code']>,
] = [false, false, false, false];

export function posts(post: Post, listed: ListedPost): void {
  // @ts-expect-error a misspelled key
  void post.titel;
  // @ts-expect-error null where the site's address is not known
  void post.url.length;
  // @ts-expect-error null for a post that was never updated
  void (post.updated_at satisfies string);
  // @ts-expect-error absent where nobody asked
  void listed.html.length;
  // @ts-expect-error front matter is the author's: its type has to be looked at
  void post.front_matter['rating'].toFixed();
  void (post.html satisfies string);
  void (listed.html satisfies string | undefined);
  void (post.published_at satisfies string | null);
}

export function hits(results: SearchResults): void {
  for (const { field } of results.facets) {
    // @ts-expect-error no such facet
    if (field === 'nope') void field;
  }
  // @ts-expect-error the first hit may not be there
  void results.items[0].score;
}

export function problems(problem: ProblemDocument): void {
  // @ts-expect-error codes are a closed list
  if (problem.code === 'not_found') void problem;
  // @ts-expect-error null where trying again does not help
  void problem.retry_after.toFixed();
}

export function requests(): void {
  // @ts-expect-error the query is needed
  void search();
  // @ts-expect-error no such facet
  void listPosts({ query: { facet: ['nope'] } });
  // @ts-expect-error no such order
  void listPosts({ query: { sort: 'relevance' } });
  // @ts-expect-error a number
  void listPosts({ query: { per_page: 'ten' } });
}
