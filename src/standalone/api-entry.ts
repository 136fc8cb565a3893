/** `holdfast api` as a child that says when it serves, and stops when its parent is gone. */
import { main } from '../api/main.ts';

process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
await main();
process.send?.('ready');
