import { randomBytes, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../support/api.ts';
import { arm64Image, digestOf } from '../../support/kernels.ts';
import { countRows } from '../../support/rows.ts';

const KERNEL = arm64Image('Linux version 6.12.9-arm64 (x) #1');
const INITRAMFS = randomBytes(5000);

describe('images', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
    for (const bytes of [KERNEL, INITRAMFS, gzipSync(KERNEL)]) await upload(bytes);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  async function upload(body: Uint8Array): Promise<string> {
    const digest = digestOf(body);
    expect((await api.request('PUT', `/v1/blobs/${digest}`, { body })).status).toBeLessThan(300);
    return digest;
  }
  const create = (body: unknown) => api.request('POST', '/v1/images', { body });

  it('is created, read, listed and deleted', async () => {
    const body = {
      name: 'debian',
      kernel: digestOf(KERNEL),
      initramfs: digestOf(INITRAMFS),
      cmdline: 'console=ttyS0',
    };
    const created = await create(body);
    expect(created).toMatchObject({ status: 201, body: { ...body, kernelVersion: '6.12.9' } });
    const path = `/v1/images/${created.body.id}`;
    expect(created.headers.get('location')).toBe(path);
    const read = await api.request('GET', path);
    expect(read.body).toEqual(created.body);
    expect(read.headers.get('etag')).toBe(created.headers.get('etag'));
    expect((await api.request('GET', '/v1/images')).body).toEqual({
      items: [created.body],
      nextPageToken: null,
    });
    expect(await api.request('DELETE', path, { headers: { 'if-match': '"2"' } })).toMatchObject({
      status: 412,
      body: { code: 'PRECONDITION_FAILED' },
    });
    expect((await api.request('DELETE', path, { headers: { 'if-match': '"1"' } })).status).toBe(204);
    expect(await api.request('GET', path)).toMatchObject({ status: 404, body: { code: 'IMAGE_NOT_FOUND' } });
    expect(await api.request('DELETE', path)).toMatchObject({
      status: 404,
      body: { code: 'IMAGE_NOT_FOUND' },
    });
  });

  it('takes a gzipped kernel, and no initramfs', async () => {
    const created = await create({ name: 'small', kernel: digestOf(gzipSync(KERNEL)), initramfs: null });
    expect(created).toMatchObject({
      status: 201,
      body: { initramfs: null, cmdline: '', kernelVersion: '6.12.9' },
    });
  });

  it('has a name of its own, also when two come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => create({ name: 'same', kernel: digestOf(KERNEL) })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const others = answers.filter(({ status }) => status !== 201);
    for (const { status, body } of others) expect([status, body.code]).toEqual([409, 'IMAGE_NAME_TAKEN']);
  });

  it('stays while a VM has it', async () => {
    const { id } = (await create({ name: 'used', kernel: digestOf(KERNEL) })).body;
    const vmId = uuidv7();
    await api.control.db.vm.create({
      data: {
        id: vmId,
        name: 'vm',
        vcpus: 1,
        memoryMiB: 128,
        imageId: id,
        onGuest: {},
        psciPolicy: 'inherit',
      },
    });
    expect(await api.request('DELETE', `/v1/images/${id}`)).toMatchObject({
      status: 409,
      body: { code: 'IMAGE_IN_USE' },
    });
    await api.control.db.vm.delete({ where: { id: vmId } });
    expect((await api.request('DELETE', `/v1/images/${id}`)).status).toBe(204);
  });

  it('refuses a kernel that no machine could start', async () => {
    for (const bytes of [
      Buffer.concat([Buffer.from('\x7fELF'), randomBytes(4096)]),
      Buffer.concat([Buffer.from('MZ'), Buffer.alloc(4096)]),
      Buffer.alloc(0),
    ]) {
      const kernel = await upload(bytes);
      const before = await countRows(api.control);
      expect(await create({ name: 'bad', kernel })).toMatchObject({
        status: 422,
        body: { code: 'KERNEL_NOT_ARM64_IMAGE' },
      });
      expect(await countRows(api.control)).toEqual(before);
    }
  });

  it('takes flat code', async () => {
    const kernel = await upload(Buffer.of(0, 0, 0, 0x14));
    expect(await create({ name: 'flat', kernel })).toMatchObject({
      status: 201,
      body: { kernelVersion: null },
    });
  });

  const nowhere = `sha256:${'0'.repeat(64)}`;
  it.each<[string, Record<string, unknown>, number, string]>([
    ['a kernel that is not there', { kernel: nowhere }, 422, 'BLOB_UNKNOWN'],
    ['an initramfs that is not there', { initramfs: nowhere }, 422, 'BLOB_UNKNOWN'],
    ['a kernel that is no digest', { kernel: 'vmlinuz' }, 400, 'VALIDATION_FAILED'],
    ['no kernel', { kernel: undefined }, 400, 'VALIDATION_FAILED'],
    ['null for a kernel', { kernel: null }, 400, 'VALIDATION_FAILED'],
    ['a name with a slash', { name: 'a/b' }, 400, 'VALIDATION_FAILED'],
    ['a name with a space', { name: 'debian 13' }, 400, 'VALIDATION_FAILED'],
    ['a name of 64 characters', { name: 'a'.repeat(64) }, 400, 'VALIDATION_FAILED'],
    ['a command line with a newline', { cmdline: 'a\nb' }, 400, 'VALIDATION_FAILED'],
    ['a command line that is too long', { cmdline: 'a'.repeat(1025) }, 400, 'VALIDATION_FAILED'],
    ['an unknown field', { dtb: nowhere }, 400, 'VALIDATION_FAILED'],
  ])('refuses %s and changes nothing', async (_, fields, status, code) => {
    const before = await countRows(api.control);
    const answer = await create({ name: 'refused', kernel: digestOf(KERNEL), ...fields });
    expect(answer).toMatchObject({ status, body: { code } });
    expect(await countRows(api.control)).toEqual(before);
  });

  it('knows no image under another id', async () => {
    expect(await api.request('GET', `/v1/images/${randomUUID()}`)).toMatchObject({
      status: 404,
      body: { code: 'IMAGE_NOT_FOUND' },
    });
  });
});
