export { decode, unpack } from './decode.ts';
export { diagnose, startDiagnosis } from './diagnose.ts';
export {
  type Knowledge,
  KnowledgeError,
  type KnowledgeFiles,
  loadKnowledge,
  onlyFault,
  parseEntry,
  readKnowledge,
  withEntries,
} from './knowledge.ts';
export { looksLikeLog } from './paste.ts';
export { readInto, type Source } from './read.ts';
export { type Fault, faultSchema, type Rule, type Step, stepSchema } from './schema.ts';
export { maskVariables } from './signature.ts';
export type { Diagnosis, Evidence, Finding, StepAdvice } from './types.ts';
