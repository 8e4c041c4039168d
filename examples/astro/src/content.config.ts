import { defineCollection } from 'astro:content'
import { z } from 'astro/zod'
import { API } from './build'
import { octavo } from './loader'
import type { Post } from './octavo'

export const collections = {
  // The shape is Octavo's promise, written down in its OpenAPI document; it is not checked a second time here.
  posts: defineCollection({ loader: octavo(API), schema: z.custom<Post>() })
}
