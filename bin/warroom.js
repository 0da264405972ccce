#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
// TypeScript runs as it is written: no build step stands between a checkout and an incident.
import { register } from 'tsx/esm/api';

// Named, because tsx looks in the folder the command is run from, and the pages need this project's JSX setting.
register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
await import('../src/cli.ts');
