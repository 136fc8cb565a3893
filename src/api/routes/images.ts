/** Images. One never changes: VMs that boot it tomorrow boot what it is today. */
import { Type } from 'typebox';
import { pageById } from '../../control/database/page.ts';
import { createImage, deleteImage, getImage, listImages } from '../../control/images/images.ts';
import type { Image as ImageRow } from '../../control/prisma/client.ts';
import { checkIfMatch, etag, sendResource } from '../plugins/conditional.ts';
import { closed, Page, PageQuery, ref } from '../schemas/common.ts';
import { Image, ImageParams, NewImage } from '../schemas/image.ts';
import type { Routes } from '../types.ts';

const REVISION = 1;

export const imageRoutes: Routes = async (app) => {
  app.post(
    '/v1/images',
    {
      config: {
        role: 'operator',
        refusals: ['BLOB_UNKNOWN', 'IMAGE_NAME_TAKEN', 'KERNEL_NOT_ARM64_IMAGE'],
      },
      schema: {
        operationId: 'createImage',
        tags: ['images'],
        summary: 'Create an image from blobs',
        description:
          'The kernel must be an arm64 Linux `Image`, plain or compressed (gzip, zstd, EFI zboot), or flat arm64 code.',
        body: NewImage,
        response: { 201: ref(Image) },
      },
    },
    async (request, reply) => {
      const { name, kernel, initramfs = null, cmdline = '' } = request.body;
      const image = await createImage(app.control, { name, kernel, initramfs, cmdline });
      reply.code(201).header('location', `/v1/images/${image.id}`);
      return sendResource(reply, REVISION, presentImage(image));
    },
  );

  app.get(
    '/v1/images',
    {
      config: { role: 'viewer', scope: 'shared', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'listImages',
        tags: ['images'],
        summary: 'List images, oldest first',
        querystring: Type.Object(PageQuery, closed),
        response: { 200: Page(ref(Image)) },
      },
    },
    async (request) => {
      const page = await pageById(request.query, (part) => listImages(app.control, part));
      return { ...page, items: page.items.map(presentImage) };
    },
  );

  app.get(
    '/v1/images/:imageId',
    {
      config: { role: 'viewer', scope: 'shared', refusals: ['IMAGE_NOT_FOUND'] },
      schema: {
        operationId: 'getImage',
        tags: ['images'],
        summary: 'Get an image',
        params: ImageParams,
        response: { 200: ref(Image) },
      },
    },
    async (request, reply) =>
      sendResource(reply, REVISION, presentImage(await getImage(app.control, request.params.imageId))),
  );

  app.delete(
    '/v1/images/:imageId',
    {
      config: { role: 'operator', refusals: ['IMAGE_NOT_FOUND', 'IMAGE_IN_USE', 'PRECONDITION_FAILED'] },
      schema: {
        operationId: 'deleteImage',
        tags: ['images'],
        summary: 'Delete an image that no VM has',
        description: 'Its blobs stay.',
        params: ImageParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      checkIfMatch(request, etag(REVISION));
      await deleteImage(app.control, request.params.imageId);
      return reply.code(204).send(null);
    },
  );
};

function presentImage(row: ImageRow): Image {
  return {
    id: row.id,
    name: row.name,
    kernel: row.kernelDigest,
    initramfs: row.initramfsDigest,
    cmdline: row.cmdline,
    kernelVersion: row.kernelVersion,
    createdAt: row.createdAt.toISOString(),
  };
}
