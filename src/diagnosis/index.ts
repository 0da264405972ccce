export { type Decoded, decode, type Unpacked, unpack } from './decode.ts';
export { type DiagnosisRun, diagnose, startDiagnosis } from './diagnose.ts';
export { type Knowledge, KnowledgeError, loadKnowledge } from './knowledge.ts';
export { looksLikeLog } from './paste.ts';
export { type ReadResult, readInto, type Source } from './read.ts';
export type { Diagnosis, Evidence, Finding, Phase, Reason, StepAdvice } from './types.ts';
