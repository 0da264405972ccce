import { Command, CommanderError } from 'commander';
import { explain } from './cli/explain.ts';

const program = new Command('warroom')
  .description(
    '战情室：中间件应急的事件房间、时限、诊断与报告 / incident rooms, contract clocks, diagnosis and reports',
  )
  .showHelpAfterError()
  .exitOverride();

/** Each command loads what it needs and no more: a log is diagnosed without starting a web server first. */
const COMMANDS: Readonly<Record<string, () => Promise<void>>> = {
  start: async () => (await import('./cli/start.ts')).registerStart(program),
  diagnose: async () => (await import('./cli/diagnose.ts')).registerDiagnose(program),
  summarize: async () => (await import('./cli/summarize.ts')).registerSummarize(program),
  drill: async () => (await import('./cli/drill.ts')).registerDrill(program),
  knowledge: async () => (await import('./cli/knowledge.ts')).registerKnowledge(program),
  verify: async () => (await import('./cli/verify.ts')).registerVerify(program),
  audit: async () => (await import('./cli/audit.ts')).registerAudit(program),
  'teams-package': async () => (await import('./cli/teams-package.ts')).registerTeamsPackage(program),
  doctor: async () => (await import('./cli/doctor.ts')).registerDoctor(program),
};

// `warroom knowledge list | head` closes the pipe early, and that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  const wanted = COMMANDS[process.argv[2] ?? ''];
  for (const register of wanted ? [wanted] : Object.values(COMMANDS)) await register();
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version are answers; anything else was bad usage, and commander has said so.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
}
