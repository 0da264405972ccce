import { Command, CommanderError } from 'commander';
import { registerDiagnose } from './cli/diagnose.ts';
import { registerDoctor } from './cli/doctor.ts';
import { registerDrill } from './cli/drill.ts';
import { explain } from './cli/explain.ts';
import { registerStart } from './cli/start.ts';
import { registerSummarize } from './cli/summarize.ts';
import { registerVerify } from './cli/verify.ts';

const program = new Command('warroom')
  .description(
    '战情室：中间件应急的事件房间、时限、诊断与报告 / incident rooms, contract clocks, diagnosis and reports',
  )
  .showHelpAfterError()
  .exitOverride();

registerStart(program);
registerDiagnose(program);
registerSummarize(program);
registerDrill(program);
registerVerify(program);
registerDoctor(program);

try {
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
