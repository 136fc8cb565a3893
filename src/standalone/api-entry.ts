/** `holdfast api` as a child that stops when its parent is gone: standard input is a pipe the parent holds. */
import { main } from '../api/main.ts';

process.stdin.resume();
process.stdin.once('close', () => process.kill(process.pid, 'SIGTERM'));
await main();
