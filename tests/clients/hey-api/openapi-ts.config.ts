import { defineConfig } from '@hey-api/openapi-ts';

export default defineConfig({
  input: '../../../docs/reference/openapi.json',
  output: 'generated',
  logs: { file: false },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
});
