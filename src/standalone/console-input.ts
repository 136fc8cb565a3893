/** Typing into a guest's serial console, over the WebSocket side of GET /v1/vms/{vmId}/console. */
import { once } from 'node:events';
import WebSocket from 'ws';

/** Resolves when the API has taken the text. @throws Error when it does not */
export async function typeInto(apiUrl: string, token: string, vmId: string, text: string): Promise<void> {
  const url = new URL(`/v1/vms/${vmId}/console`, apiUrl);
  url.protocol = url.protocol.replace('http', 'ws');
  const socket = new WebSocket(url, 'holdfast.console.v1', { headers: { authorization: `Bearer ${token}` } });
  await once(socket, 'open');
  // The pong comes after the API has read the text before it.
  socket.send(text);
  socket.ping();
  await once(socket, 'pong', { signal: AbortSignal.timeout(10_000) });
  socket.close();
  await once(socket, 'close');
}
