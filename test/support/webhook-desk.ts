/** An API with a receiver of webhooks, each test with a path of its own there, for tests of both. */
import { until } from '../peer/runs.ts';
import { startApi, type TestApi } from './api.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

export class WebhookDesk implements AsyncDisposable {
  readonly api: TestApi;
  readonly receiver: WebhookReceiver;
  #paths = 0;

  static async start(config: Parameters<typeof startApi>[0] = {}): Promise<WebhookDesk> {
    const api = await startApi({ webhookNetworks: ['127.0.0.0/8'], ...config });
    return new WebhookDesk(api, await WebhookReceiver.start());
  }

  private constructor(api: TestApi, receiver: WebhookReceiver) {
    this.api = api;
    this.receiver = receiver;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.receiver[Symbol.asyncDispose]();
    await this.api[Symbol.asyncDispose]();
  }

  /** Before a test: another path, where everything is taken. */
  clear(): void {
    this.#paths += 1;
    this.receiver.reaction = (_, response) => void response.writeHead(204).end();
  }

  /** After a test. */
  async removeAll(): Promise<void> {
    await this.api.control.pool.query('DELETE FROM webhooks');
  }

  get path(): string {
    return `/${this.#paths}`;
  }

  get url(): string {
    return this.receiver.url(this.path);
  }

  /** A webhook to this test's path. */
  async hook(fields: object = {}): Promise<{ id: string; secret: string; etag: string | null }> {
    const made = await this.api.request('POST', '/v1/webhooks', { body: { url: this.url, ...fields } });
    if (made.status !== 201) throw new Error(`the webhook was refused: ${JSON.stringify(made.body)}`);
    return { ...made.body, etag: made.headers.get('etag') };
  }

  /** What came to this test's path. */
  came() {
    return this.receiver.at(this.path);
  }

  async deliveries(id: string, query = '') {
    return (await this.api.request('GET', `/v1/webhooks/${id}/deliveries${query}`)).body.items;
  }

  async delivery(id: string, eventId: string) {
    return (await this.deliveries(id)).find((item: { eventId: string }) => item.eventId === eventId);
  }

  async settled(id: string, eventId: string, status: string): Promise<void> {
    await until(
      `the delivery is ${status}`,
      async () => (await this.delivery(id, eventId))?.status === status,
    );
  }

  /** As if the back-off were over. */
  async hurry(id: string): Promise<void> {
    const { pool } = this.api.control;
    await pool.query(
      `UPDATE webhook_deliveries SET next_attempt_at = now() WHERE webhook_id = $1 AND claim IS NULL`,
      [id],
    );
    await pool.query(`UPDATE webhooks SET look_at = now() - interval '1 hour' WHERE id = $1`, [id]);
    await pool.query(
      `SELECT holdfast_jobs.add_job('webhook', json_build_object('id', $1::text), job_key => 'webhook:' || $1::text)`,
      [id],
    );
  }
}
