#!/usr/bin/env node
// TypeScript runs as it is written: no build step stands between a checkout and an incident.
import { register } from 'tsx/esm/api';

register();
await import('../src/cli.ts');
