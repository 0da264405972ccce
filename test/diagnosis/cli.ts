import { Command, CommanderError } from 'commander';
import { registerDiagnose } from '../../src/cli/diagnose.ts';

/** The one command alone: it starts in a fraction of the time the whole program takes. */
const program = new Command('warroom').exitOverride();
registerDiagnose(program);
try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
