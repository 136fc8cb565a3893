/** Takes webhooks on a port, checks their signatures, and prints what they tell: node receive-webhooks.ts PORT SECRET */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

const [port = '9000', secret = ''] = process.argv.slice(2);
const webhook = new Webhook(secret);

createServer(async (request, response) => {
  try {
    const message = webhook.verify(await text(request), request.headers as Record<string, string>);
    const { type, data } = message as { type: string; data: { vmId?: string } };
    console.log(`${request.headers['webhook-id']} ${type} ${data.vmId ?? ''}`);
    response.writeHead(204).end();
  } catch (error) {
    // Whoever has not signed with the secret is not told why.
    console.error(`refused: ${error instanceof Error ? error.message : String(error)}`);
    response.writeHead(401).end();
  }
}).listen(Number(port), '127.0.0.1');
