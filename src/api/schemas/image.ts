import { type Static, Type } from 'typebox';
import { Digest } from './blob.ts';
import { closed, Name, Nullable, named, Timestamp, Uuid } from './common.ts';

/** Linux on arm64 takes 2048 bytes (COMMAND_LINE_SIZE); the image's and the VM's parts share them. */
const Cmdline = Type.String({
  maxLength: 1024,
  pattern: '^[\\x20-\\x7e]*$',
  description: 'The kernel command line, printable ASCII.',
});

export const NewImage = Type.Object(
  {
    name: Name,
    kernel: Type.String({
      ...Digest,
      description:
        'An arm64 Image, plain, compressed with gzip or zstd, or in an EFI zboot program with one of these, or flat ' +
        'arm64 code, which is loaded 0x80000 bytes above the start of RAM and entered there with the MMU off and the ' +
        'device tree in x0.',
    }),
    initramfs: Type.Optional(Nullable(Digest)),
    cmdline: Type.Optional(Cmdline),
  },
  closed,
);

export const Image = named(
  'Image',
  Type.Object(
    {
      id: Uuid,
      name: Name,
      kernel: Digest,
      initramfs: Nullable(Digest),
      cmdline: Cmdline,
      kernelVersion: Nullable(Type.String({ description: "From the kernel's own banner, e.g. `6.12.9`." })),
      createdAt: Timestamp,
    },
    closed,
  ),
);

export const ImageParams = Type.Object({ imageId: Uuid }, closed);

export type Image = Static<typeof Image>;
