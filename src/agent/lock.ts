/**
 * One agent per state directory. The lock is a socket in Linux's abstract namespace (unix(7)), named by the directory's
 * device and inode: the kernel takes it away with the process, so that no crash leaves one behind.
 */
import { statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

/** @returns null when another agent has the directory. */
export async function lockState(path: string): Promise<Server | null> {
  const { dev, ino } = statSync(path, { bigint: true });
  const server = createServer((socket) => socket.destroy());
  return await new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen({ path: `\0holdfast-agent-${dev}-${ino}` }, () => resolve(server));
  });
}
