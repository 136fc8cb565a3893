-- AlterTable
ALTER TABLE "events" ADD COLUMN     "snapshot" JSONB;

-- AlterTable
ALTER TABLE "vms" ADD COLUMN     "restoring" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "skip_absent_registers" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "snapshot_id" UUID;

-- CreateTable
CREATE TABLE "snapshots" (
    "id" UUID NOT NULL,
    "name" TEXT,
    "vm_id" UUID NOT NULL,
    "vm_name" TEXT NOT NULL,
    "host_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "boot_id" UUID NOT NULL,
    "image_id" UUID NOT NULL,
    "cmdline" TEXT NOT NULL,
    "vcpus" INTEGER NOT NULL,
    "memory_mib" INTEGER NOT NULL,
    "disks" JSONB NOT NULL,
    "nics" JSONB NOT NULL,
    "vsock" BOOLEAN NOT NULL,
    "psci_source" TEXT,
    "firmware" JSONB NOT NULL,
    "blob_digest" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "pause_milliseconds" DOUBLE PRECISION NOT NULL,
    "requested_by" TEXT NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "snapshots_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "snapshots_vm_id_idx" ON "snapshots"("vm_id");

-- CreateIndex
CREATE INDEX "snapshots_blob_digest_idx" ON "snapshots"("blob_digest");

-- CreateIndex
CREATE INDEX "vms_snapshot_id_idx" ON "vms"("snapshot_id");

-- AddForeignKey
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_image_id_fkey" FOREIGN KEY ("image_id") REFERENCES "images"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_blob_digest_fkey" FOREIGN KEY ("blob_digest") REFERENCES "blobs"("digest") ON DELETE RESTRICT ON UPDATE CASCADE;
